"""What became of contacts that turned out to be one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, relationship

from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.endusers.models.people import EndUser


class EndUserMerge(KeyMixin, TenantMixin, Base):
    """One contact (`source_id`) went into another (`target_id`). Its author's name stays when they leave.

    `facts`: what taking it back needs to know, as plain values. It names both, and goes with either of them.
    """

    __tablename__ = "end_user_merge"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "source_id"], ["end_user.workspace_id", "end_user.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "target_id"], ["end_user.workspace_id", "end_user.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "by_id"],
            ["membership.workspace_id", "membership.user_id"],
            ondelete="SET NULL (by_id)",
        ),
        Index("ix_end_user_merge_source", "workspace_id", "source_id"),
        Index("ix_end_user_merge_target", "workspace_id", "target_id", "created_at", "id"),
    )

    source_id: Mapped[UUID]
    target_id: Mapped[UUID]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str]
    facts: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]

    source: Mapped[EndUser] = relationship(
        lazy="raise", viewonly=True, primaryjoin="EndUserMerge.source_id == foreign(EndUser.id)", uselist=False
    )
