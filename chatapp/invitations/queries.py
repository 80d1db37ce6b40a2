"""Reads about invitations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chatapp.auth.tokens import hash_token
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.tenancy import across_tenants
from chatapp.invitations.models import Invitation
from chatapp.workspaces.models import Role


def pending() -> Sequence[Invitation]:
    """Those of the current workspace that nobody has accepted yet, newest first; expired ones included."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .order_by(Invitation.sent_at.desc(), Invitation.id.desc())
    ).all()


def pending_for(email: str) -> Invitation | None:
    """The pending one for an address in the current workspace, locked."""
    return db.session.scalar(
        select(Invitation)
        .where(Invitation.email == email, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .with_for_update(of=Invitation)
    )


def pending_with(role: Role) -> Sequence[Invitation]:
    """Those that nobody has accepted yet and that offer this role, locked; expired ones included."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.role_id == role.id, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .order_by(Invitation.id)
        .with_for_update(of=Invitation)
    ).all()


def invitation(invitation_id: UUID) -> Invitation:
    """One of the current workspace's, locked. Raises `AppError` 404."""
    found = db.session.scalar(select(Invitation).where(Invitation.id == invitation_id).with_for_update(of=Invitation))
    if found is None:
        raise not_found()
    return found


def workspace_of(token: str) -> UUID | None:
    """The workspace into which this token leads, whatever the invitation's state."""
    with across_tenants(reason="whoever opens an invitation is not in its workspace yet"):
        return db.session.scalar(select(Invitation.workspace_id).where(Invitation.token_hash == hash_token(token)))


def invitation_of(token: str) -> Invitation:
    """The invitation in the current workspace that this token opens, locked, whatever its state."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.token_hash == hash_token(token))
        .options(joinedload(Invitation.workspace, innerjoin=True))
        .with_for_update(of=Invitation)
    ).one()
