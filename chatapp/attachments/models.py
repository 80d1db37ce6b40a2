"""Attachments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin

KINDS = ("image", "audio", "video", "file")


class Attachment(KeyMixin, TenantMixin, Base):
    """A file that somebody sent, or is about to send: `message_seq` is empty until a message takes it.
    `scheduled_id`: a reply that is to be sent later keeps it until then.

    An agent's belongs to a conversation from the beginning, a visitor's from their message on: before their first one
    they have neither a conversation nor a row of their own, so `visitor_id` is no foreign key. Pictures have
    a width and a height in pixels, and a thumbnail. When a row goes, a trigger has its files deleted.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id", "message_seq"],
            ["message.workspace_id", "message.conversation_id", "message.seq"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["workspace_id", "scheduled_id"],
            ["scheduled_reply.workspace_id", "scheduled_reply.id"],
            ondelete="SET NULL (scheduled_id)",
        ),
        CheckConstraint("uploader IN ('agent', 'visitor')", name="uploader"),
        CheckConstraint("(uploader = 'visitor') = (visitor_id IS NOT NULL)", name="visitor"),
        CheckConstraint("message_seq IS NULL OR conversation_id IS NOT NULL", name="place"),
        CheckConstraint("kind IN ('image', 'audio', 'video', 'file')", name="kind"),
        CheckConstraint("(kind = 'image') = (thumbnail_key IS NOT NULL)", name="thumbnail"),
        Index("ix_attachment_message", "workspace_id", "conversation_id", "message_seq"),
        Index("ix_attachment_agent", "agent_id"),
        Index("ix_attachment_scheduled", "workspace_id", "scheduled_id", postgresql_where="scheduled_id IS NOT NULL"),
        Index("ix_attachment_unused", "created_at", postgresql_where="message_seq IS NULL"),
        Index("ix_attachment_visitor", "workspace_id", "visitor_id", postgresql_where="message_seq IS NULL"),
    )

    uploader: Mapped[str]
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    visitor_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    message_seq: Mapped[int | None]
    scheduled_id: Mapped[UUID | None]
    name: Mapped[str]
    type: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    storage_key: Mapped[str]
    thumbnail_key: Mapped[str | None]
    thumbnail_size: Mapped[int | None]

    @property
    def facts(self) -> dict[str, Any]:
        """What its message keeps of it, so that a thread is shown without a look at this table."""
        return {
            "id": str(self.id),
            "name": self.name,
            "type": self.type,
            "kind": self.kind,
            "size": self.size,
            "width": self.width,
            "height": self.height,
        }
