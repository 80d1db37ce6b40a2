"""The words of messages, kept apart from them: writing one does not wait for its words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, TenantMixin
from chatapp.messages.models import Message

AUTHORS = ("visitor", "agent", "bot", "note")


class MessageWords(TenantMixin, Base):
    """What one message is found by. `author` is one of `AUTHORS`: notes count as such, whoever wrote them."""

    __tablename__ = "message_words"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id", "seq"],
            [Message.workspace_id, Message.conversation_id, Message.seq],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        UniqueConstraint("workspace_id", "conversation_id", "seq"),
        Index("ix_message_words_newest", "workspace_id", "message_id"),
        Index("ix_message_words_words", "workspace_id", "words", postgresql_using="gin"),
    )

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID]
    seq: Mapped[int]
    written_at: Mapped[datetime]
    author: Mapped[str]
    agent_id: Mapped[UUID | None]
    words: Mapped[Any] = mapped_column(TSVECTOR)
