"""Messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.auth.models import User
from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.conversations.models import Conversation
from chatapp.messages.bodies import plain_of

KINDS = ("reply", "note", "activity")
AUTHORS = ("visitor", "agent", "bot", "system")


@dataclass(frozen=True)
class Actor:
    """`kind`: one of `AUTHORS`, or rule. `key`: an agent's id or a rule's key. `name`: as it was when it acted."""

    kind: str
    key: str | None
    name: str | None


class Message(KeyMixin, TenantMixin, Base):
    """One entry of a thread.

    `seq` is its place for ever; `revision` the number of its last change, which catch-up goes by. `client_id` was made
    once for the user's action and makes sending again harmless. An activity line has `activity` instead of a text; in
    an automatic reply it says who speaks. `mentions` are those whom a note calls: `{kind, id, name}`, as they were
    then; `quote` is whom and what an answer quotes (`quotes`); `card` what its first link leads to, once it was looked
    up. What was deleted keeps its place, without its content.
    """

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("workspace_id", "conversation_id", "client_id"),
        UniqueConstraint("workspace_id", "conversation_id", "seq"),
        Index("ix_message_revision", "workspace_id", "conversation_id", "revision"),
        CheckConstraint("kind IN ('reply', 'note', 'activity')", name="kind"),
        CheckConstraint("author_type IN ('visitor', 'agent', 'bot', 'system')", name="author_type"),
        CheckConstraint("state IN ('sent', 'delivered', 'read', 'failed')", name="state"),
    )

    conversation_id: Mapped[UUID]
    seq: Mapped[int]
    revision: Mapped[int]
    client_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(default="reply")
    author_type: Mapped[str]
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(default="")
    activity: Mapped[dict[str, Any] | None]
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    quote: Mapped[dict[str, Any] | None]
    card: Mapped[dict[str, Any] | None]
    mentions: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    state: Mapped[str] = mapped_column(default="sent")
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    agent: Mapped[User | None] = relationship(lazy="raise")
    conversation: Mapped[Conversation] = relationship(
        lazy="raise", viewonly=True, primaryjoin="Message.conversation_id == foreign(Conversation.id)", uselist=False
    )

    @property
    def is_private(self) -> bool:
        """Only agents may see it: notes, and the lines that tell what agents did."""
        return self.kind != "reply"

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def gist(self) -> str:
        """What lists show of it: its text, or the names of what came without one."""
        text = plain_of(self.text) if self.author_type == "agent" else self.text
        return text or "📎 " + ", ".join(file["name"] for file in self.attachments)

    @property
    def activity_until(self) -> datetime | None:
        """The moment that an activity line names."""
        until = self.activity and self.activity.get("until")
        return datetime.fromisoformat(until) if until else None

    @property
    def author_name(self) -> str | None:
        """The agent's name, or whom an automatic message speaks for; None for visitors: theirs is the contact's."""
        if self.agent:
            return self.agent.name
        return self.activity["by"] if self.activity else None

    @property
    def actor(self) -> Actor:
        """Who did what an activity line tells, whatever it tells."""
        facts = self.activity or {}
        if rule := facts.get("rule"):
            return Actor("rule", rule, None)
        return Actor(self.author_type, str(self.agent_id) if self.agent_id else None, facts.get("by"))


Index(
    "ix_message_card",
    Message.workspace_id,
    Message.card["id"].astext,
    postgresql_where=Message.card.is_not(None),
)


class MessageVersion(KeyMixin, TenantMixin, Base):
    """What an agent's message said until somebody edited it, at `created_at`. Visitors never see it."""

    __tablename__ = "message_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id", "seq"],
            ["message.workspace_id", "message.conversation_id", "message.seq"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        Index("ix_message_version_message", "workspace_id", "conversation_id", "seq"),
        Index("ix_message_version_editor", "editor_id"),
    )

    conversation_id: Mapped[UUID]
    seq: Mapped[int]
    text: Mapped[str]
    editor_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    editor_name: Mapped[str]


class Draft(TenantMixin, Base):
    """What a member has typed in a conversation and not sent: one reply and one note.

    `seen`: how far the thread had come when they began, for a reply. The latest `saved_at` is what counts.
    """

    __tablename__ = "draft"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "conversation_id", "user_id", "kind"),
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        CheckConstraint("kind IN ('reply', 'note')", name="kind"),
        Index("ix_draft_user", "workspace_id", "user_id", "saved_at"),
    )

    conversation_id: Mapped[UUID]
    user_id: Mapped[UUID]
    kind: Mapped[str]
    text: Mapped[str]
    seen: Mapped[int | None]
    saved_at: Mapped[datetime]
