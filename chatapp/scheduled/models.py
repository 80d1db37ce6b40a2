"""Scheduled replies."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key


class ScheduledReply(KeyMixin, TenantMixin, Base):
    """An agent's reply that waits. It goes in the transaction that makes a message of it, so there is never both.

    `client_id` is the message's, too. `seen_seq` is how far the thread had come when it was written: with
    `only_if_silent` it is held when the visitor has said something after that. `held` says why the clock did not send
    it, as one of `HELD`; then it waits for somebody.
    """

    __tablename__ = "scheduled_reply"
    __table_args__ = (
        tenant_key(),
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "author_id"],
            ["membership.workspace_id", "membership.user_id"],
            ondelete="SET NULL (author_id)",
        ),
        UniqueConstraint("workspace_id", "conversation_id", "client_id"),
        CheckConstraint("held IN ('answered', 'left', 'role', 'refused')", name="held"),
        Index("ix_scheduled_reply_due", "send_at", postgresql_where="held IS NULL"),
        Index(
            "ix_scheduled_reply_silent",
            "workspace_id",
            "conversation_id",
            "seen_seq",
            postgresql_where="held IS NULL AND only_if_silent",
        ),
    )

    conversation_id: Mapped[UUID]
    author_id: Mapped[UUID | None]
    author_name: Mapped[str]
    client_id: Mapped[UUID]
    text: Mapped[str]
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    send_at: Mapped[datetime]
    seen_seq: Mapped[int]
    only_if_silent: Mapped[bool]
    held: Mapped[str | None]

    @property
    def attachment_ids(self) -> list[UUID]:
        return [UUID(file["id"]) for file in self.attachments]
