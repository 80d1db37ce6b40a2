"""People and things that tests need, made by the product's own services.

The cast is fixed: an owner, an agent (the team-mate), a viewer, and an outsider who owns another company. Call inside
a unit of work; `Cast` holds ids and plain values only, so that it outlives the session that made it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import delete, select

from chatapp.attachments.models import Attachment
from chatapp.attributes.models import Attribute
from chatapp.attributes.services import key_of
from chatapp.auth import passwords
from chatapp.auth.models import Authenticator, User
from chatapp.auth.tokens import hash_token, new_token
from chatapp.canned.models import CannedReply
from chatapp.common import storage
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxDelivery
from chatapp.common.permissions import with_needed
from chatapp.common.tenancy import current_workspace_id
from chatapp.common.unit_of_work import unit_of_work
from chatapp.contacts.services import exports as contact_exports
from chatapp.contacts.services import imports as contact_imports
from chatapp.contacts.services import merging
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversation_services
from chatapp.conversations.models import Conversation, ConversationChange
from chatapp.endusers import services as endusers
from chatapp.endusers.models import PHONE, EndUser, EndUserIdentity
from chatapp.hours.models import Hours
from chatapp.invitations.models import Invitation
from chatapp.labels.models import Label
from chatapp.link_cards.models import LinkCard
from chatapp.macros.models import Macro
from chatapp.messages import corrections, drafts, undoing
from chatapp.messages import services as messages
from chatapp.notifications.models import Notification, NotificationSettings
from chatapp.privacy.models import RetentionRule
from chatapp.privacy.services import erasures, exports
from chatapp.projects import queries as project_queries
from chatapp.projects import services as projects
from chatapp.projects.models import Project
from chatapp.ratings.models import Rating
from chatapp.saved_views.models import SavedView
from chatapp.scheduled.models import ScheduledReply
from chatapp.sla.models import SlaPolicy
from chatapp.teams import queries as team_queries
from chatapp.teams.models import Team, TeamMember
from chatapp.undo.models import Deed
from chatapp.undo.services import LIFE
from chatapp.unseen.models import UnseenAnswer
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Membership, Role, Workspace

PASSWORD = "a password for tests"
ROLES = ("owner", "admin", "agent", "viewer")


@dataclass(frozen=True)
class Company:
    """A workspace with one member of each built-in role, and one of everything else; nobody has the role of its own."""

    slug: str
    workspace_id: UUID
    project_id: UUID
    site_key: str
    end_user_id: UUID
    conversation_id: UUID
    message_id: UUID
    invitation_id: UUID
    delivery_id: UUID
    team_id: UUID
    role_id: UUID
    hours_id: UUID
    policy_id: UUID
    label_id: UUID
    canned_id: UUID
    saved_view_id: UUID
    segment_id: UUID
    attribute_id: UUID
    note_id: UUID
    identity_id: UUID
    members: dict[str, UUID]
    export_id: UUID | None = None
    contact_export_id: UUID | None = None
    contact_import_id: UUID | None = None
    erasure_id: UUID | None = None
    attachment_id: UUID | None = None
    deed_id: UUID | None = None
    answer_id: UUID | None = None
    scheduled_id: UUID | None = None
    notification_id: UUID | None = None
    macro_id: UUID | None = None
    other_conversation_id: UUID | None = None
    bulk_run_id: UUID | None = None
    double_id: UUID | None = None
    merge_id: UUID | None = None

    def email(self, role: str) -> str:
        return f"{role}@{self.slug}.example"


def make_user(email: str, *, name: str | None = None) -> User:
    """An account that logs in with `PASSWORD`. All share one hash: making one takes 20 ms."""
    user = User(email=email, password_hash=_hash(), name=name or email.split("@")[0].title(), locale="en")
    user.email_verified_at = now()
    db.session.add(user)
    db.session.flush()
    return user


def give_two_factor(user: User) -> None:
    """They have an app, whose codes no test knows."""
    db.session.merge(Authenticator(user_id=user.id, secret="", confirmed_at=now()))
    db.session.flush()


def take_two_factor(user: User) -> None:
    found = db.session.get(Authenticator, user.id)
    if found is not None:
        db.session.delete(found)


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
        team = make_team("Support", users["agent"].id)
        return Company(
            slug=slug,
            workspace_id=workspace.id,
            project_id=project.id,
            site_key=project.site_key,
            end_user_id=visitor.id,
            conversation_id=sent.message.conversation_id,
            message_id=sent.message.id,
            invitation_id=invited.id,
            delivery_id=db.session.scalars(
                select(OutboxDelivery.id).where(OutboxDelivery.handler == "endusers.handlers.note_message")
            ).one(),
            team_id=team.id,
            role_id=make_role("Helper").id,
            hours_id=make_hours().id,
            policy_id=make_policy().id,
            label_id=make_label("billing").id,
            canned_id=make_canned_reply(workspace).id,
            saved_view_id=make_saved_view(workspace).id,
            segment_id=make_segment(workspace).id,
            attribute_id=make_attribute("Plan").id,
            note_id=endusers.write_note(
                visitor, text="Prefers to be called", by=workspace_queries.member(users["owner"].id)
            ).id,
            identity_id=make_identity(visitor).id,
            members={role: user.id for role, user in users.items()},
        )


def make_identity(contact: EndUser, identity_id: UUID | None = None) -> EndUserIdentity:
    """A phone that leads to them, besides what is written down."""
    identity = EndUserIdentity(id=identity_id or uuid7(), end_user_id=contact.id, kind=PHONE, value="+4930123456")
    identity.workspace_id = contact.workspace_id
    db.session.add(identity)
    db.session.flush()
    return identity


def make_hours(hours_id: UUID | None = None, **settings: Any) -> Hours:
    """A schedule of weekdays from 9 to 6 in Madrid; `settings` are its columns. By itself it is not the default."""
    office: dict[str, Any] = {str(day): [[540, 1080]] if day < 5 else [] for day in range(7)}
    settings = {"name": "Office", "timezone": "Europe/Madrid", "week": office} | settings
    hours = Hours(id=hours_id or uuid7(), **settings)
    db.session.add(hours)
    db.session.flush()
    return hours


def make_label(name: str, label_id: UUID | None = None) -> Label:
    """A label of the current workspace; no conversation has it."""
    label = Label(id=label_id or uuid7(), name=name, colour="iris")
    db.session.add(label)
    db.session.flush()
    return label


def make_attribute(name: str, attribute_id: UUID | None = None, **columns: Any) -> Attribute:
    """An attribute of contacts, a text; `columns` are its own."""
    columns = {"subject": "contacts", "kind": "text", "key": key_of(name), "position": 0} | columns
    attribute = Attribute(id=attribute_id or uuid7(), name=name, **columns)
    db.session.add(attribute)
    db.session.flush()
    return attribute


def make_policy(policy_id: UUID | None = None, **settings: Any) -> SlaPolicy:
    """A policy; `settings` are its columns. By itself it is for a channel that no test uses."""
    settings = {"name": "Letters", "channel_kind": "letter", "first_response": 60} | settings
    policy = SlaPolicy(id=policy_id or uuid7(), **settings)
    db.session.add(policy)
    db.session.flush()
    return policy


def make_canned_reply(workspace: Workspace, canned_id: UUID | None = None) -> CannedReply:
    """A canned reply for everybody."""
    reply = CannedReply(id=canned_id or uuid7(), workspace_id=workspace.id, code="thanks", text="Thank you!")
    reply.give(team=None, owner_id=None)
    db.session.add(reply)
    db.session.flush()
    return reply


def make_saved_view(workspace: Workspace, saved_view_id: UUID | None = None, **columns: Any) -> SavedView:
    """A view for everybody of what is open; `columns` are its own."""
    is_open = {"field": "status", "operator": "any_of", "value": ["open"]}
    columns = {"name": "Open", "conditions": {"match": "all", "parts": [is_open]}, "sort": "activity"} | columns
    view = SavedView(id=saved_view_id or uuid7(), workspace_id=workspace.id, position=0, **columns)
    view.give(team=None, owner_id=None)
    db.session.add(view)
    db.session.flush()
    return view


def make_segment(workspace: Workspace, segment_id: UUID | None = None, *rules: dict[str, Any]) -> SavedView:
    """A segment for everybody, of who is not blocked or fulfils other rules."""
    parts = list(rules) or [{"field": "blocked", "operator": "no", "value": None}]
    what = {"subject": "contacts", "name": "Welcome", "sort": "seen", "conditions": {"match": "all", "parts": parts}}
    return make_saved_view(workspace, segment_id, **what)


def with_privacy(app: Flask, company: Company) -> Company:
    """The company with a rule of retention, a file of its visitor's data, and the receipt of somebody who is gone."""
    with inside(app, company) as it:
        db.session.add(RetentionRule(workspace_id=company.workspace_id, channel_kind="web", action="delete", days=365))
        exported = exports.ask(it.conversation.end_user, by=it.member("owner"))
        exports.carry_on(exported.id)
        erased = erasures.ask(endusers.ensure(uuid7()), by=it.member("owner"))
        erasures.carry_out(erased.id)
        of_all = contact_exports.ask(by=it.member("owner"))
        contact_exports.carry_on(of_all.id)
        table = contact_imports.upload(b"name,email\nx,nobody", name="people.csv", by=it.member("owner"))
        contact_imports.check(table, columns={"name": 0, "email": 1})
        contact_imports.carry_on(table.id)
        made = {"export_id": exported.id, "contact_export_id": of_all.id, "contact_import_id": table.id}
        return replace(company, erasure_id=erased.id, **made)


def with_notification(app: Flask, company: Company) -> Company:
    """The company whose owner was told of its conversation."""
    with inside(app, company):
        told = make_notification(company.members["owner"], company.conversation_id)
        db.session.add(NotificationSettings(user_id=company.members["owner"]))
        return replace(company, notification_id=told.id)


def make_notification(user_id: UUID, conversation_id: UUID, key: UUID | None = None) -> Notification:
    """A line that a member has not read, in place of what the worker may have told them meanwhile."""
    theirs = (Notification.user_id == user_id, Notification.subject_id == conversation_id)
    db.session.execute(delete(Notification).where(*theirs))
    about = {"subject_id": conversation_id, "conversation_id": conversation_id}
    told: dict[str, Any] = {"counts": {"message": 1}, "latest_kind": "message", "event_ids": [], "latest_at": now()}
    line = Notification(id=key or uuid7(), user_id=user_id, **about, **told)
    db.session.add(line)
    db.session.flush()
    return line


def make_attachment(workspace_id: UUID, content: bytes = b"Good to know.", name: str = "facts.txt", **row: Any) -> UUID:
    """A file that is stored and waits for a message; `row` says whose it is. Call outside of a unit of work."""
    key = storage.new_key(workspace_id)
    storage.current().save(key, io.BytesIO(content))
    facts = {"name": name, "type": "text/plain", "kind": "file", "size": len(content), "storage_key": key}
    with unit_of_work(workspace_id):
        attachment = Attachment(**facts, **row)
        db.session.add(attachment)
        db.session.flush()
        return attachment.id


def make_deed(deed_id: UUID, conversation: Conversation, by: Membership) -> Deed:
    """A member may take back that they have seen to how urgent a conversation is, which is as it was."""
    deed = Deed(id=deed_id, kind=undoing.CHANGED, user_id=by.user_id, expires_at=now() + LIFE, undone_at=None)
    deed.facts = {"since": now().isoformat()}
    deed = db.session.merge(deed)
    db.session.flush()
    stood = {"priority": {"priority": conversation.priority}}
    what = {"deed_id": deed.id, "conversation_id": conversation.id, "seq": conversation.last_seq}
    db.session.merge(ConversationChange(workspace_id=by.workspace_id, before=stood, after=stood, **what))
    return deed


def with_attachment(app: Flask, company: Company) -> Company:
    """The company with a file that an agent is about to send."""
    with app.app_context():
        whose = {"uploader": "agent", "agent_id": company.members["agent"], "conversation_id": company.conversation_id}
        return replace(company, attachment_id=make_attachment(company.workspace_id, **whose))


def with_answer(app: Flask, company: Company) -> Company:
    """The company with a reply of its owner's, who has corrected it, calls the agent in a note, and writes on."""
    with inside(app, company) as it:
        owner = it.member("owner")
        said = messages.send_reply(it.conversation, by=owner, text="At you service.", client_id=uuid7()).message
        corrections.edit(said, text="At your service.", last_edit=None, by=owner)
        messages.send_reply(it.conversation, by=owner, text="@Agent, please", client_id=uuid7(), private=True)
        drafts.keep(it.conversation, by=owner, kind="reply", text="I am at")
        return replace(company, answer_id=said.id)


def make_scheduled(
    company: Company, scheduled_id: UUID | None = None, conversation_id: UUID | None = None
) -> ScheduledReply:
    """The agent's reply to the company's visitor, or in another conversation, for the day after tomorrow."""
    reply = ScheduledReply(
        id=scheduled_id or uuid7(),
        workspace_id=company.workspace_id,
        conversation_id=conversation_id or company.conversation_id,
        author_id=company.members["agent"],
        author_name="Agent",
        client_id=uuid7(),
        text="Good morning!",
        send_at=now() + timedelta(days=2),
        seen_seq=0,
        only_if_silent=False,
    )
    db.session.add(reply)
    db.session.flush()
    return reply


def make_macro(company: Company, macro_id: UUID | None = None, **actions: Any) -> Macro:
    """A macro for everybody; by itself it makes a conversation urgent."""
    macro = Macro(id=macro_id or uuid7(), workspace_id=company.workspace_id, name="Refund")
    macro.actions = actions or {"priority": "urgent"}
    macro.give(team=None, owner_id=None)
    db.session.add(macro)
    db.session.flush()
    return macro


def make_other_conversation(company: Company, conversation_id: UUID | None = None) -> UUID:
    """A second conversation of the company's visitor, in which they have said two things."""
    project, visitor = project_queries.project(company.project_id), endusers.ensure(company.end_user_id)
    other = conversation_services.start(project, visitor)
    other.id = conversation_id or other.id
    db.session.flush()
    for text in ("another thing", "and one more"):
        messages.receive(project, visitor, text=text, client_id=uuid7(), conversation_id=other.id)
    return other.id


def with_other_conversation(app: Flask, company: Company) -> Company:
    """The company whose visitor has two conversations."""
    with inside(app, company):
        return replace(company, other_conversation_id=make_other_conversation(company))


def with_doubles(app: Flask, company: Company) -> Company:
    """The company with a contact who could be its visitor, and one who was merged into them."""
    with inside(app, company) as it:
        visitor = endusers.ensure(company.end_user_id)
        double, merged = endusers.create(name="A double"), endusers.create(name="Another double")
        one, _deed = merging.merge(merged, into=visitor, chosen={}, by=it.member("owner"))
        return replace(company, double_id=double.id, merge_id=one.id)


def with_macro(app: Flask, company: Company) -> Company:
    """The company with a macro."""
    with inside(app, company):
        return replace(company, macro_id=make_macro(company).id)


def with_link_card(app: Flask, company: Company) -> Company:
    """The company that has looked up what a link leads to."""
    with inside(app, company):
        db.session.add(make_link_card("Shoes"))
    return company


def with_rating(app: Flask, company: Company) -> Company:
    """The company whose visitor has rated it, and was written to about an answer."""
    with inside(app, company) as it:
        db.session.add(Rating(conversation_id=it.conversation.id, score=4, comment="quick"))
        db.session.add(UnseenAnswer(conversation_id=it.conversation.id, told_seq=1))
    return company


def make_link_card(title: str, **columns: Any) -> LinkCard:
    """What a link leads to, which the caller puts into the session."""
    about = {"fingerprint": uuid7().hex, "expires_at": now() + timedelta(days=1), "site": "example.com"}
    return LinkCard(workspace_id=current_workspace_id(), id=uuid7(), title=title, **about | columns)


def with_scheduled(app: Flask, company: Company) -> Company:
    """The company with a reply that waits."""
    with inside(app, company):
        return replace(company, scheduled_id=make_scheduled(company).id)


def make_team(name: str, *user_ids: UUID, **settings: Any) -> Team:
    """A team of these members; `settings` are its columns."""
    team = Team(name=name, **settings)
    db.session.add(team)
    db.session.flush()
    db.session.add_all(TeamMember(team_id=team.id, user_id=user_id) for user_id in user_ids)
    db.session.flush()
    return team


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


def make_role(name: str, *permissions: str, visibility: str = "all") -> Role:
    """A role of the current workspace's own; without permissions it lets people in and read conversations."""
    allowed = with_needed(permissions or ["conversations.view"])
    role = Role(name=name, permissions=sorted(allowed), visibility=visibility)
    db.session.add(role)
    db.session.flush()
    return role


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

    @property
    def team(self) -> Team:
        return team_queries.team(self.company.team_id)

    @property
    def teams(self) -> Sequence[Team]:
        return team_queries.teams()

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
