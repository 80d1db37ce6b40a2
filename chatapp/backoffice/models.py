"""The log of the installation, which belongs to no workspace; and who stands in for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.auth.models import User
from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.workspaces.models import Workspace

DEEDS = {
    "plan.changed": _l("Changed the plan of"),
    "workspace.suspended": _l("Suspended the workspace"),
    "workspace.restored": _l("Opened the workspace again"),
    "impersonation.began": _l("Stands in for"),
    "impersonation.ended": _l("Stands in no more for"),
    "user.suspended": _l("Suspended the account of"),
    "user.restored": _l("Opened the account again of"),
    "user.logged_out": _l("Logged out everywhere:"),
    "user.unlocked": _l("Lifted the lock-out of"),
    "user.password_letter": _l("Sent the letter for a new password to"),
    "deliveries.retried": _l("Had deliveries tried again:"),
    "deliveries.discarded": _l("Gave up deliveries:"),
    "letters.retried": _l("Had letters tried again:"),
    "letters.discarded": _l("Gave up letters:"),
    "operator.created": _l("Made an operator of"),
    "operator.revoked": _l("Is no operator any more:"),
}
"""Everything that is recorded, in the words that people read."""


class InstallationEntry(KeyMixin, Base):
    """One deed; a trigger refuses every change of it. Without an actor it was done from the command line."""

    __tablename__ = "installation_audit"
    __table_args__ = (
        Index("ix_installation_audit_time", "created_at", "id"),
        Index("ix_installation_audit_target", "target_id", "created_at", "id"),
    )

    action: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    target_id: Mapped[UUID | None]
    target_name: Mapped[str] = mapped_column(default="")
    ip: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Impersonation(KeyMixin, TenantMixin, Base):
    """An operator who stands in for a member, by a session of its own, from `created_at` to `ended_at`."""

    __tablename__ = "impersonation"
    __table_args__ = (
        UniqueConstraint("workspace_id", "session_id"),
        Index("ix_impersonation_open", "ends_at", postgresql_where="ended_at IS NULL"),
        Index("ix_impersonation_session", "session_id"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("user_session.id", ondelete="CASCADE"))
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    reason: Mapped[str]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    operator: Mapped[User] = relationship(lazy="raise", viewonly=True, foreign_keys=operator_id)
    user: Mapped[User] = relationship(lazy="raise", viewonly=True, foreign_keys=user_id)
    workspace: Mapped[Workspace] = relationship(lazy="raise", viewonly=True)
