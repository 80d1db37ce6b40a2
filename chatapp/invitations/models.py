"""Invitations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.clock import now
from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.workspaces.models import CUSTOM, AnyRole, Role, Workspace


class Invitation(KeyMixin, TenantMixin, Base):
    """An address that may join with a role. The letter holds the token; we hold its hash.

    A pending one with a role of the workspace's own has it; one that is over may have outlived it.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "role_id"], ["role.workspace_id", "role.id"], ondelete="SET NULL (role_id)"
        ),
        CheckConstraint("role IN ('admin', 'agent', 'viewer', 'custom')", name="role"),
        CheckConstraint("role_id IS NULL OR role = 'custom'", name="own_role"),
        Index("ix_invitation_role", "workspace_id", "role_id", postgresql_where="role_id IS NOT NULL"),
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
    role_id: Mapped[UUID | None]
    token_hash: Mapped[str] = mapped_column(unique=True)
    invited_by: Mapped[str]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    workspace: Mapped[Workspace] = relationship(lazy="raise", viewonly=True)

    own_role: Mapped[Role | None] = relationship(lazy="joined", primaryjoin="foreign(Invitation.role_id) == Role.id")

    @property
    def any_role(self) -> AnyRole:
        return self.own_role or self.role

    def offer(self, role: AnyRole) -> None:
        """Whoever accepts gets this role."""
        if isinstance(role, Role):
            self.role, self.own_role = CUSTOM, role
        else:
            self.role, self.own_role = role, None

    @property
    def is_pending(self) -> bool:
        """Whether it can be sent again; it may have expired."""
        return self.accepted_at is None and self.revoked_at is None

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= now()
