"""Reads about every workspace."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CompoundSelect, func, select, tuple_, union
from sqlalchemy.orm import joinedload

from chatapp.auth.models import User
from chatapp.backoffice.queries.counts import bounded
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.pagination import Cursor, Page, cut
from chatapp.common.tenancy import across_tenants
from chatapp.conversations.models import Conversation
from chatapp.plans import queries as plans
from chatapp.plans.models import WorkspacePlan
from chatapp.projects.models import Project
from chatapp.workspaces.models import Membership, Workspace

PAGE_SIZE = 30
MOST_MEMBERS = 200


@dataclass(frozen=True)
class Size:
    """What a workspace holds; counts stop at `counts.MOST`. Its last activity is that of its conversations."""

    members: int
    projects: int
    conversations: int
    last_activity: datetime | None


@dataclass(frozen=True)
class Line:
    """A workspace in the list."""

    workspace: Workspace
    size: Size
    owners: Sequence[str]
    plan: str


def page(search: str, *, cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[Line]:
    """Newest first; the search looks at names, addresses and the owners' mail."""
    statement = select(Workspace).order_by(Workspace.created_at.desc(), Workspace.id.desc()).limit(limit + 1)
    if search:
        statement = statement.where(Workspace.id.in_(_found_by(search)))
    if cursor:
        place = Cursor.decode(cursor)
        statement = statement.where(tuple_(Workspace.created_at, Workspace.id) < tuple_(place.moment, place.id))
    with across_tenants(reason="the operator's list of workspaces"):
        found = cut(db.session.scalars(statement).all(), limit, lambda row: Cursor(row.created_at, row.id))
        keys = [workspace.id for workspace in found.rows]
        sizes, owners, names = _sizes(keys), _owners(keys), plans.names_of(keys)
    lines = [
        Line(workspace, sizes[workspace.id], owners.get(workspace.id, []), names.get(workspace.id, "local"))
        for workspace in found.rows
    ]
    return Page(lines, found.next_cursor)


def workspace(workspace_id: UUID) -> Workspace:
    """Raises `AppError` 404."""
    found = db.session.get(Workspace, workspace_id)
    if found is None:
        raise not_found()
    return found


def size(workspace: Workspace) -> Size:
    with across_tenants(reason="the operator's page of a workspace"):
        return _sizes([workspace.id])[workspace.id]


def members(workspace: Workspace) -> Sequence[Membership]:
    """The first `MOST_MEMBERS` with their users, by name."""
    with across_tenants(reason="the operator's page of a workspace"):
        return db.session.scalars(
            select(Membership)
            .join(Membership.user)
            .where(Membership.workspace_id == workspace.id)
            .options(joinedload(Membership.user, innerjoin=True))
            .order_by(func.lower(User.name), User.id)
            .limit(MOST_MEMBERS)
        ).all()


def plan(workspace: Workspace) -> WorkspacePlan:
    with across_tenants(reason="the operator's page of a workspace"):
        return plans.plan(workspace.id)


def projects(workspace: Workspace) -> Sequence[Project]:
    with across_tenants(reason="the operator's page of a workspace"):
        return db.session.scalars(
            select(Project).where(Project.workspace_id == workspace.id).order_by(Project.name).limit(MOST_MEMBERS)
        ).all()


def _found_by(search: str) -> CompoundSelect[tuple[UUID]]:
    """Each in a question of its own: a condition with OR across tables would have Postgres read all of them."""
    owned = (
        select(Membership.workspace_id)
        .join(Membership.user)
        .where(Membership.role == "owner", User.email.icontains(search, autoescape=True))
    )
    columns = (Workspace.name, Workspace.slug)
    return union(owned, *(select(Workspace.id).where(one.icontains(search, autoescape=True)) for one in columns))


def _sizes(keys: Collection[UUID]) -> dict[UUID, Size]:
    members, projects, conversations = (
        bounded(select(model.workspace_id).where(model.workspace_id == Workspace.id), of=Workspace)
        for model in (Membership, Project, Conversation)
    )
    latest = select(func.max(Conversation.changed_at)).where(Conversation.workspace_id == Workspace.id)
    rows = db.session.execute(
        select(Workspace.id, members, projects, conversations, latest.scalar_subquery()).where(Workspace.id.in_(keys))
    )
    return {row[0]: Size(*row[1:]) for row in rows}


def _owners(keys: Collection[UUID]) -> dict[UUID, list[str]]:
    rows = db.session.execute(
        select(Membership.workspace_id, User.email)
        .join(Membership.user)
        .where(Membership.workspace_id.in_(keys), Membership.role == "owner")
        .order_by(User.email)
    )
    found: dict[UUID, list[str]] = {}
    for workspace_id, email in rows:
        found.setdefault(workspace_id, []).append(email)
    return found
