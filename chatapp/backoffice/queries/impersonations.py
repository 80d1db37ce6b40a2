"""Reads about who stands in for whom."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from chatapp.auth.models import UserSession
from chatapp.backoffice.models import Impersonation
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.tenancy import across_tenants
from chatapp.workspaces.models import Membership


def candidate(workspace_id: UUID, user_id: UUID) -> Membership:
    """The member who might be stood in for, with user and workspace. Raises `AppError` 404."""
    with across_tenants(reason="an operator wants to stand in for a member"):
        found = db.session.scalar(
            select(Membership)
            .where(Membership.workspace_id == workspace_id, Membership.user_id == user_id)
            .options(joinedload(Membership.user, innerjoin=True), joinedload(Membership.workspace, innerjoin=True))
        )
    if found is None:
        raise not_found()
    return found


def place_of(session_id: UUID) -> tuple[UUID, UUID] | None:
    """The workspace and the id of the impersonation that this session is; None if it is none, or over."""
    with across_tenants(reason="an operator who stands in wants to stop"):
        row = db.session.execute(
            select(Impersonation.workspace_id, Impersonation.id).where(
                Impersonation.session_id == session_id, Impersonation.ended_at.is_(None)
            )
        ).first()
    return (row[0], row[1]) if row else None


def over() -> list[tuple[UUID, UUID]]:
    """The workspaces and ids of those whose time is up or whose session was ended, and whose end nobody recorded."""
    with across_tenants(reason="the clock ends what is over"):
        rows = db.session.execute(
            select(Impersonation.workspace_id, Impersonation.id)
            .join(UserSession, UserSession.id == Impersonation.session_id)
            .where(
                Impersonation.ended_at.is_(None),
                or_(Impersonation.ends_at <= now(), UserSession.revoked_at.is_not(None)),
            )
        ).all()
    return [(row[0], row[1]) for row in rows]


def open_one(impersonation_id: UUID) -> Impersonation | None:
    """One of the current workspace that is not over, locked, with everybody concerned."""
    return db.session.scalar(
        select(Impersonation)
        .where(Impersonation.id == impersonation_id, Impersonation.ended_at.is_(None))
        .options(
            joinedload(Impersonation.operator, innerjoin=True),
            joinedload(Impersonation.user, innerjoin=True),
            joinedload(Impersonation.workspace, innerjoin=True),
        )
        .with_for_update(of=Impersonation)
    )
