"""Lines of members' notification lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.conversations.models import Conversation

KINDS = (
    "sla_breached",
    "mention",
    "assigned",
    "team",
    "sla_warned",
    "woken",
    "message",
    "unassigned",
    "import",
    "export",
    "person_export",
)
"""Of what members are told, the weightiest first: a line that holds several begins with that."""


class Notification(KeyMixin, TenantMixin, Base):
    """What one member was told about one subject: a conversation, or a file that they asked for.

    `counts` says how often of each kind since they last read it; `event_ids` are the latest events in it, so that none
    counts twice. A file's line is over at `expires_at`, when the file goes.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id", "subject_id"),
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        CheckConstraint("conversation_id = subject_id", name="subject"),
        Index("ix_notification_list", "workspace_id", "user_id", "latest_at", "id"),
        Index("ix_notification_unread", "workspace_id", "user_id", postgresql_where="read_at IS NULL"),
        Index("ix_notification_conversation", "workspace_id", "conversation_id"),
        Index("ix_notification_latest_at", "latest_at"),
    )
    may_be_about_none: ClassVar[bool] = True

    user_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    conversation_id: Mapped[UUID | None]
    counts: Mapped[dict[str, Any]]
    event_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    latest_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]

    conversation: Mapped[Conversation | None] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="Notification.conversation_id == foreign(Conversation.id)",
        uselist=False,
    )

    @property
    def is_unread(self) -> bool:
        return self.read_at is None

    @property
    def kinds(self) -> list[str]:
        """What it tells of, the weightiest first."""
        return sorted(self.counts, key=KINDS.index)
