"""Rules of retention, files that people get of their data, and receipts of erasure."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin

CHANNELS = ("web",)
ACTIONS = ("delete", "anonymise")


class RetentionRule(TenantMixin, Base):
    """What becomes of a channel's conversations once they have been closed for `days`. No rule: they are kept."""

    __tablename__ = "retention_rule"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "channel_kind"),
        CheckConstraint("action IN ('delete', 'anonymise')", name="action"),
        CheckConstraint("days BETWEEN 1 AND 3650", name="days"),
    )

    channel_kind: Mapped[str]
    action: Mapped[str]
    days: Mapped[int]


class PersonExport(KeyMixin, TenantMixin, Base):
    """A person's data as a ZIP, made step by step: `collected` grows until `done` is `total`, then `content` is there.

    In the database, and not in files, because web and worker share no disk everywhere; see docs/decisions/0017.
    """

    __tablename__ = "person_export"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "end_user_id"], ["end_user.workspace_id", "end_user.id"], ondelete="CASCADE"
        ),
        CheckConstraint("state IN ('pending', 'ready')", name="state"),
        Index("ix_person_export_end_user", "workspace_id", "end_user_id"),
        Index("ix_person_export_expires_at", "expires_at"),
    )

    end_user_id: Mapped[UUID]
    requested_by: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    collected: Mapped[list[dict[str, Any]]] = mapped_column(default=list, deferred=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]


class Erasure(KeyMixin, TenantMixin, Base):
    """The receipt of an erasure, and the tombstone by which it is done again after a restore.

    Who it was stays only as keyed hashes; `end_user_id` is emptied by the erasure itself. Whoever was known by more
    than one id or mail address has more tombstones: those parts (`is_part`) are no receipts.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'done')", name="state"),
        CheckConstraint("state = 'pending' OR end_user_id IS NULL", name="nobody"),
        Index("ix_erasure_fingerprint", "workspace_id", "id_fingerprint"),
    )

    requested_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    requested_by: Mapped[str]
    end_user_id: Mapped[UUID | None]
    id_fingerprint: Mapped[str]
    email_fingerprint: Mapped[str | None]
    is_part: Mapped[bool] = mapped_column(default=False, server_default="false")
    state: Mapped[str] = mapped_column(default="pending")
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None]

    @property
    def number(self) -> str:
        """What people quote: `E-20261125-1A2B3C4D`."""
        return f"E-{self.created_at:%Y%m%d}-{self.id.hex[-8:].upper()}"
