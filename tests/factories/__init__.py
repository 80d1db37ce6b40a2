"""People and things that tests need, made by the product's own services.

The cast is fixed: an owner, an agent (the team-mate), a viewer, and an outsider who owns another company. Call inside
a unit of work; `Cast` holds ids and plain values only, so that it outlives the session that made it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from flask import Flask

from chatapp.auth import passwords
from chatapp.auth.models import User
from chatapp.auth.tokens import hash_token, new_token
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.endusers import services as endusers
from chatapp.invitations.models import Invitation
from chatapp.messages import services as messages
from chatapp.projects import queries as project_queries
from chatapp.projects import services as projects
from chatapp.projects.models import Project
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Membership

PASSWORD = "a password for tests"
ROLES = ("owner", "admin", "agent", "viewer")


@dataclass(frozen=True)
class Company:
    """A workspace with one member of each role, an invitation, one project, one conversation with one message."""

    slug: str
    workspace_id: UUID
    project_id: UUID
    site_key: str
    end_user_id: UUID
    conversation_id: UUID
    message_id: UUID
    invitation_id: UUID
    members: dict[str, UUID]

    def email(self, role: str) -> str:
        return f"{role}@{self.slug}.example"


def make_user(email: str, *, name: str | None = None) -> User:
    """An account that logs in with `PASSWORD`. All share one hash: making one takes 20 ms."""
    user = User(email=email, password_hash=_hash(), name=name or email.split("@")[0].title(), locale="en")
    user.email_verified_at = now()
    db.session.add(user)
    db.session.flush()
    return user


@cache
def _hash() -> str:
    return passwords.hash_password(PASSWORD)


def make_company(app: Flask, slug: str = "acme") -> Company:
    """A whole company, committed. Makes its own application context."""
    with app.app_context(), unit_of_work():
        users = {role: make_user(f"{role}@{slug}.example") for role in ROLES}
        workspace = workspaces.create(name=slug.title(), slug=slug, locale="en", owner=users["owner"])
        for role in ROLES[1:]:
            workspaces.add_member(workspace, user=users[role], role=role)
        project = projects.create(
            workspace, name=f"{slug.title()} Shop", allowed_domains=["127.0.0.1", "localhost", f"{slug}.example"]
        )
        visitor = endusers.ensure(uuid7(), locale="en")
        sent = messages.receive(project, visitor, text=f"hello {slug}", client_id=uuid7())
        invited = _invited(f"invited@{slug}.example")
        return Company(
            slug=slug,
            workspace_id=workspace.id,
            project_id=project.id,
            site_key=project.site_key,
            end_user_id=visitor.id,
            conversation_id=sent.message.conversation_id,
            message_id=sent.message.id,
            invitation_id=invited.id,
            members={role: user.id for role, user in users.items()},
        )


def _invited(email: str) -> Invitation:
    """Somebody who was invited; without the letter, so that a company begins with none."""
    moment = now()
    invitation = Invitation(
        email=email,
        role="agent",
        token_hash=hash_token(new_token()),
        invited_by="Owner",
        sent_at=moment,
        expires_at=moment + timedelta(days=7),
    )
    db.session.add(invitation)
    db.session.flush()
    return invitation


@dataclass(frozen=True)
class Inside:
    """What a test works with inside a company's unit of work."""

    company: Company

    @property
    def project(self) -> Project:
        return project_queries.project(self.company.project_id)

    @property
    def conversation(self) -> Conversation:
        return conversation_queries.conversation(self.company.conversation_id)

    def another_conversation(self, text: str = "hello", *, name: str | None = None) -> Conversation:
        """A conversation with a visitor of its own."""
        visitor = endusers.ensure(uuid7(), locale="en")
        visitor.name = name
        sent = messages.receive(self.project, visitor, text=text, client_id=uuid7())
        return conversation_queries.conversation(sent.message.conversation_id)

    def member(self, role: str) -> Membership:
        return workspace_queries.member(self.company.members[role])

    def is_member(self, role: str) -> bool:
        return self.company.members[role] in {member.user_id for member in workspace_queries.members()}


@contextmanager
def inside(app: Flask, company: Company) -> Iterator[Inside]:
    """One unit of work inside a company; commits at the end."""
    with app.app_context(), unit_of_work(company.workspace_id):
        yield Inside(company)


def visitor_writes(app: Flask, company: Company, *texts: str, name: str | None = None) -> None:
    """The company's visitor writes, one unit of work a message; with a name it is a new visitor of that name."""
    with inside(app, company):
        visitor = endusers.ensure(uuid7() if name else company.end_user_id, locale="en")
        visitor.name = name or visitor.name
        visitor_id = visitor.id
    for text in texts:
        with inside(app, company) as it:
            messages.receive(it.project, endusers.ensure(visitor_id), text=text, client_id=uuid7())
