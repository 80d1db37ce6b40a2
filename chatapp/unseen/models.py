"""Which conversations may have answers that nobody has seen."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, TenantMixin
from chatapp.conversations import models as _conversations  # noqa: F401  # a foreign key names its table


class UnseenAnswer(TenantMixin, Base):
    """One conversation. At `due_at` it is looked whether its visitor has seen what came after `told_seq`, which is how
    far the letters that they have got went. Without `due_at` nothing is waited for."""

    __tablename__ = "unseen_answer"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "conversation_id"),
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        Index("ix_unseen_answer_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    conversation_id: Mapped[UUID]
    due_at: Mapped[datetime | None]
    told_seq: Mapped[int] = mapped_column(default=0, server_default="0")
