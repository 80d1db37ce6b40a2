"""Workspaces and memberships."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.auth.models import User
from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.common.permissions import ROLES, role_allows


class Workspace(KeyMixin, Base):
    """A company. Everything multi-tenant points here by `workspace_id`."""

    __tablename__ = "workspace"

    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    locale: Mapped[str] = mapped_column(default="en")


class Membership(TenantMixin, Base):
    """A user in a workspace, with one role."""

    __tablename__ = "membership"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "user_id"),
        CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", name="role"),
        Index("ix_membership_user_id", "user_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    role: Mapped[str]
    user: Mapped[User] = relationship(lazy="raise")
    workspace: Mapped[Workspace] = relationship(lazy="raise")

    def may(self, permission: str) -> bool:
        return role_allows(self.role, permission)
