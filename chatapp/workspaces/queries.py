"""Reads about workspaces and their members."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from chatapp.auth.models import UserSession
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.tenancy import across_tenants
from chatapp.workspaces.models import Membership, Workspace


def memberships_of(user_id: UUID) -> Sequence[Membership]:
    """The user's memberships with their workspaces, by name."""
    with across_tenants(reason="a user's own list of workspaces"):
        return db.session.scalars(
            select(Membership)
            .join(Membership.workspace)
            .where(Membership.user_id == user_id)
            .options(joinedload(Membership.workspace, innerjoin=True))
            .order_by(Workspace.name, Workspace.id)
        ).all()


def membership_at(slug: str, user_id: UUID) -> Membership | None:
    """The user's membership of the workspace at this address: finding it is what authorises them."""
    with across_tenants(reason="resolve a workspace through its members"):
        return db.session.scalar(
            select(Membership)
            .join(Membership.workspace)
            .where(Workspace.slug == slug, Membership.user_id == user_id)
            .options(joinedload(Membership.workspace, innerjoin=True), joinedload(Membership.user, innerjoin=True))
        )


def members() -> Sequence[Membership]:
    """Everybody in the current workspace, with their user."""
    return db.session.scalars(select(Membership).options(joinedload(Membership.user, innerjoin=True))).all()


def team() -> Sequence[Membership]:
    """Everybody in the current workspace with their user, by name."""
    return sorted(members(), key=lambda member: (member.user.name.casefold(), member.user_id))


def owner_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Membership).where(Membership.role == "owner")) or 0


def lock_workspace(workspace_id: UUID) -> Workspace:
    """The workspace, fresh and locked until the end of the transaction: changes of its team come one after another.

    The lock leaves rows that point at the workspace alone, so that messages go on arriving meanwhile.
    """
    return db.session.scalars(
        select(Workspace)
        .where(Workspace.id == workspace_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def last_seen() -> dict[UUID, datetime]:
    """When each member of the current workspace was last here."""
    rows = db.session.execute(
        select(Membership.user_id, func.max(UserSession.last_seen_at))
        .join(UserSession, UserSession.user_id == Membership.user_id)
        .group_by(Membership.user_id)
    )
    return {row[0]: row[1] for row in rows}


def member(user_id: UUID) -> Membership:
    """A member of the current workspace, with their user. Raises `AppError` 404."""
    found = db.session.scalar(
        select(Membership)
        .where(Membership.user_id == user_id)
        .options(joinedload(Membership.user, innerjoin=True))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise not_found()
    return found


def existing_memberships(pairs: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Which of these (workspace, user) pairs are members. Needs `across_tenants`."""
    key = tuple_(Membership.workspace_id, Membership.user_id)
    rows = db.session.execute(select(Membership.workspace_id, Membership.user_id).where(key.in_(pairs)))
    return {(row[0], row[1]) for row in rows}


def is_anybody_around(within: timedelta = timedelta(hours=12)) -> bool:
    """Whether a member of the current workspace has signed in lately and not signed out."""
    moment = now()
    statement = (
        select(UserSession.id)
        .join(Membership, Membership.user_id == UserSession.user_id)
        .where(
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > moment,
            UserSession.last_seen_at > moment - within,
        )
        .limit(1)
    )
    return db.session.scalar(statement) is not None
