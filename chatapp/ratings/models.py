"""Ratings as rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.clock import now
from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.messages import models as _messages  # noqa: F401  # a foreign key names its table


class Rating(KeyMixin, TenantMixin, Base):
    """One verdict, 1 to 5, about whoever had the conversation then. `seq` is its line in the thread."""

    __tablename__ = "rating"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id", "seq"],
            ["message.workspace_id", "message.conversation_id", "message.seq"],
            onupdate="CASCADE",
            ondelete="SET NULL (seq)",
        ),
        ForeignKeyConstraint(
            ["workspace_id", "agent_id"],
            ["membership.workspace_id", "membership.user_id"],
            ondelete="SET NULL (agent_id)",
        ),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        Index("ix_rating_conversation", "workspace_id", "conversation_id", "id"),
        Index("ix_rating_created_at", "workspace_id", "created_at"),
        Index("ix_rating_agent", "workspace_id", "agent_id", "created_at"),
    )

    conversation_id: Mapped[UUID]
    seq: Mapped[int | None]
    agent_id: Mapped[UUID | None]
    score: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str | None]
    changed_at: Mapped[datetime] = mapped_column(default=now)
