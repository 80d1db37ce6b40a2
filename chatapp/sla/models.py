"""Policies, the clocks they start, and how far those have followed each thread."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key
from chatapp.conversations.models import Conversation
from chatapp.hours.models import Hours
from chatapp.sla.deadlines import Notice

KINDS = ("first_response", "next_response", "resolution")
REPLIES = ("first_response", "next_response")
UNITS = ("percent", "minutes")
LONGEST = 366 * 24 * 60
_A_KIND = "kind IN ('first_response', 'next_response', 'resolution')"


class SlaPolicy(KeyMixin, TenantMixin, Base):
    """Targets in minutes, each of which may be missing, and the conversations they are for.

    Policies are tried in the order of `position`; the default one has no conditions and is tried last.
    """

    __tablename__ = "sla_policy"
    __table_args__ = (
        tenant_key(),
        UniqueConstraint("workspace_id", "name"),
        ForeignKeyConstraint(["workspace_id", "hours_id"], ["hours.workspace_id", "hours.id"]),
        ForeignKeyConstraint(
            ["workspace_id", "project_id"], ["project.workspace_id", "project.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"], ondelete="CASCADE"),
        *(CheckConstraint(f"{kind} BETWEEN 1 AND {LONGEST}", name=kind) for kind in KINDS),
        CheckConstraint("warn_unit IN ('percent', 'minutes')", name="warn_unit"),
        Index("uq_sla_policy_default", "workspace_id", unique=True, postgresql_where="is_default"),
    )

    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    is_default: Mapped[bool] = mapped_column(default=False)
    first_response: Mapped[int | None]
    next_response: Mapped[int | None]
    resolution: Mapped[int | None]
    warn_amount: Mapped[int | None]
    warn_unit: Mapped[str] = mapped_column(default="percent")
    hours_id: Mapped[UUID | None]
    project_id: Mapped[UUID | None]
    team_id: Mapped[UUID | None]
    channel_kind: Mapped[str | None]

    hours: Mapped[Hours | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin="SlaPolicy.hours_id == foreign(Hours.id)", uselist=False
    )

    @property
    def notice(self) -> Notice | None:
        return Notice(self.warn_amount, self.warn_unit) if self.warn_amount else None

    def minutes_for(self, kind: str) -> int | None:
        minutes: int | None = getattr(self, kind)
        return minutes

    def covers(self, conversation: Conversation) -> bool:
        """Whether every condition that is set holds."""
        return (
            self.project_id in (None, conversation.project_id)
            and self.team_id in (None, conversation.team_id)
            and self.channel_kind in (None, conversation.channel_kind)
        )


class SlaClock(KeyMixin, TenantMixin, Base):
    """One promise about one conversation. It ends kept (`met_at`), late (`breached_at`), or as neither of them.

    While the conversation is pending or snoozed it stands still; what was left then is left when it runs again.
    """

    __tablename__ = "sla_clock"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "policy_id"],
            ["sla_policy.workspace_id", "sla_policy.id"],
            ondelete="SET NULL (policy_id)",
        ),
        CheckConstraint(_A_KIND, name="kind"),
        Index(
            "uq_sla_clock_running",
            "workspace_id",
            "conversation_id",
            "kind",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
        Index(
            "ix_sla_clock_due",
            "due_at",
            postgresql_where="ended_at IS NULL AND breached_at IS NULL AND paused_at IS NULL",
        ),
        Index(
            "ix_sla_clock_warn",
            "warn_at",
            postgresql_where="ended_at IS NULL AND breached_at IS NULL AND paused_at IS NULL AND warned_at IS NULL",
        ),
        Index("ix_sla_clock_report", "workspace_id", "policy_id", "kind", "started_at", "id"),
    )

    conversation_id: Mapped[UUID]
    policy_id: Mapped[UUID | None]
    kind: Mapped[str]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    warn_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]

    conversation: Mapped[Conversation] = relationship(
        lazy="raise", viewonly=True, primaryjoin="SlaClock.conversation_id == foreign(Conversation.id)", uselist=False
    )

    @property
    def state(self) -> str:
        """Of one that runs: running, warned or late."""
        return "late" if self.breached_at else "warned" if self.warned_at else "running"

    def is_late(self, at: datetime) -> bool:
        """Whether it is past due, and nobody has noted that yet. One that stands still is not."""
        return self.breached_at is None and self.paused_at is None and at > self.due_at

    def is_due_soon(self, at: datetime) -> bool:
        """Whether a warning is due, and nobody has noted that yet."""
        if self.warn_at is None or self.paused_at or self.warned_at or self.breached_at:
            return False
        return at >= self.warn_at

    def end(self, *, at: datetime, is_kept: bool) -> None:
        """Stop. What was promised is kept if it happened, and in time."""
        self.ended_at = at
        if is_kept and self.breached_at is None:
            self.met_at = at


class SlaCursor(TenantMixin, Base):
    """How far the clocks have followed a thread, and what they saw last.

    `turn` is new (nothing since it began or was closed), waiting (the visitor wrote first) or answered.
    """

    __tablename__ = "sla_cursor"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "conversation_id"),
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        CheckConstraint("turn IN ('new', 'waiting', 'answered')", name="turn"),
    )

    conversation_id: Mapped[UUID]
    seq: Mapped[int]
    turn: Mapped[str] = mapped_column(default="new")
