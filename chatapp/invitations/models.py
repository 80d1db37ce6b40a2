"""Invitations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.clock import now
from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.workspaces.models import Workspace


class Invitation(KeyMixin, TenantMixin, Base):
    """An address that may join with a role. The letter holds the token; we hold its hash."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("role IN ('admin', 'agent', 'viewer')", name="role"),
        Index(
            "uq_invitation_pending",
            "workspace_id",
            "email",
            unique=True,
            postgresql_where="accepted_at IS NULL AND revoked_at IS NULL",
        ),
    )

    email: Mapped[str]
    role: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    invited_by: Mapped[str]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    workspace: Mapped[Workspace] = relationship(lazy="raise", viewonly=True)

    @property
    def is_pending(self) -> bool:
        """Whether it can be sent again; it may have expired."""
        return self.accepted_at is None and self.revoked_at is None

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= now()
