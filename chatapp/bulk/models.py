"""What is done to more conversations than a request can wait for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key


class BulkRun(KeyMixin, TenantMixin, Base):
    """A member has something done to many conversations: `what` and `value` as `verbs` have them, or `undo`.

    `conversation_ids` are those that were in the view when it began; `counts` tells what became of the first `done`.
    It goes with its deed, when that cannot be taken back any more.
    """

    __tablename__ = "bulk_run"
    __table_args__ = (
        tenant_key(),
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["workspace_id", "deed_id"], ["deed.workspace_id", "deed.id"], ondelete="CASCADE"),
        Index("ix_bulk_run_user", "workspace_id", "user_id", "created_at"),
        Index("ix_bulk_run_deed", "workspace_id", "deed_id"),
    )

    user_id: Mapped[UUID]
    deed_id: Mapped[UUID]
    what: Mapped[str]
    value: Mapped[str]
    conversation_ids: Mapped[list[str]] = mapped_column(JSONB, deferred=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ended_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]

    @property
    def changed(self) -> int:
        return int(self.counts.get("changed", 0))
