"""Conversations."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    UniqueConstraint,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from chatapp.auth.models import User
from chatapp.channels.limits import Limits, limits_of
from chatapp.common.clock import now
from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key
from chatapp.common.ids import uuid7
from chatapp.endusers.models import EndUser
from chatapp.labels.models import Label
from chatapp.projects.models import Project
from chatapp.teams.models import Team
from chatapp.workspaces.models import Workspace

STATUSES = ("open", "pending", "snoozed", "closed")
PRIORITIES = ("none", "low", "medium", "high", "urgent")
"""In their order: a conversation keeps the place of its own, so that lists can go by it."""


class Conversation(KeyMixin, TenantMixin, Base):
    """One conversation. `last_seq` numbers everything that happens in it; readers ask for what is above their number.

    `epoch` changes when history is another one, restored or reshaped: whoever holds another starts anew.
    `waiting_since` is the oldest visitor's message nobody has answered. `last_message_at` orders lists; `changed_at`
    tells them to refresh. One that is snoozed without a moment sleeps until the visitor writes. `priority` is a place
    in `PRIORITIES`.
    `visitor_id`: whose browser it is, if its contact was merged into another one. Only that browser reads it.
    `merged_into_id`: what was said here has moved there, and whoever asks for this one is led there.
    One with `deleted_at` is not found by any statement but those that ask for it (see `visibility`), and goes for good.
    What begins with `sla_` is the target that is due first, kept here by *sla* for lists to show. `attributes`: the
    values of those that the company has made, by their ids.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        tenant_key(),
        ForeignKeyConstraint(["workspace_id", "project_id"], ["project.workspace_id", "project.id"]),
        ForeignKeyConstraint(
            ["workspace_id", "end_user_id"], ["end_user.workspace_id", "end_user.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "assignee_id"],
            ["membership.workspace_id", "membership.user_id"],
            ondelete="SET NULL (assignee_id)",
        ),
        ForeignKeyConstraint(
            ["workspace_id", "team_id"], ["team.workspace_id", "team.id"], ondelete="SET NULL (team_id)"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "merged_into_id"],
            ["conversation.workspace_id", "conversation.id"],
            ondelete="SET NULL (merged_into_id)",
        ),
        ForeignKeyConstraint(
            ["workspace_id", "visitor_id"],
            ["end_user.workspace_id", "end_user.id"],
            ondelete="SET NULL (visitor_id)",
        ),
        CheckConstraint("status IN ('open', 'pending', 'snoozed', 'closed')", name="status"),
        CheckConstraint("snoozed_until IS NULL OR status = 'snoozed'", name="snoozed_until"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("priority BETWEEN 0 AND 4", name="priority"),
        CheckConstraint("sla_state IN ('running', 'warned', 'late')", name="sla_state"),
        Index("ix_conversation_inbox", "workspace_id", "status", "last_message_at", "id"),
        Index("ix_conversation_latest", "workspace_id", "last_message_at", "id"),
        Index("ix_conversation_assignee", "workspace_id", "assignee_id", "status", "last_message_at", "id"),
        Index("ix_conversation_team", "workspace_id", "team_id", "status", "last_message_at", "id"),
        Index(
            "ix_conversation_queue",
            "workspace_id",
            "team_id",
            "id",
            postgresql_where="status = 'open' AND assignee_id IS NULL AND team_id IS NOT NULL",
        ),
        Index(
            "ix_conversation_wake",
            "snoozed_until",
            postgresql_where="status = 'snoozed' AND snoozed_until IS NOT NULL",
        ),
        Index(
            "ix_conversation_waiting",
            "workspace_id",
            "waiting_since",
            "id",
            postgresql_where="status = 'open' AND waiting_since IS NOT NULL",
        ),
        Index(
            "ix_conversation_priority",
            "workspace_id",
            "priority",
            "last_message_at",
            "id",
            postgresql_where="status = 'open' AND priority > 0",
        ),
        Index(
            "ix_conversation_merged_into",
            "workspace_id",
            "merged_into_id",
            postgresql_where="merged_into_id IS NOT NULL",
        ),
        Index(
            "ix_conversation_visitor",
            "workspace_id",
            "visitor_id",
            "last_message_at",
            postgresql_where="visitor_id IS NOT NULL",
        ),
        Index("ix_conversation_created", "workspace_id", "created_at", "id", postgresql_where="status = 'open'"),
        Index("ix_conversation_end_user", "workspace_id", "end_user_id", "last_message_at"),
        Index("ix_conversation_created_at", "workspace_id", "created_at"),
        Index("ix_conversation_first_response_at", "workspace_id", "first_response_at"),
        Index("ix_conversation_deleted", "deleted_at", postgresql_where="deleted_at IS NOT NULL"),
        Index("ix_conversation_changed", "workspace_id", "changed_at"),
        Index(
            "ix_conversation_due",
            "workspace_id",
            "status",
            "sla_due_at",
            "id",
            postgresql_where="sla_due_at IS NOT NULL",
        ),
    )

    project_id: Mapped[UUID]
    end_user_id: Mapped[UUID]
    visitor_id: Mapped[UUID | None]
    assignee_id: Mapped[UUID | None]
    team_id: Mapped[UUID | None]
    channel_kind: Mapped[str] = mapped_column(default="web")
    status: Mapped[str] = mapped_column(default="open")
    epoch: Mapped[UUID] = mapped_column(default=uuid7)
    last_seq: Mapped[int] = mapped_column(default=0)
    preview: Mapped[str] = mapped_column(default="")
    preview_author: Mapped[str] = mapped_column(default="visitor")
    unread_count: Mapped[int] = mapped_column(default=0)
    agents_read_seq: Mapped[int] = mapped_column(default=0)
    visitor_read_seq: Mapped[int] = mapped_column(default=0)
    last_message_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    waiting_since: Mapped[datetime | None]
    first_response_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    priority: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    rating: Mapped[int | None]
    rating_comment: Mapped[str | None]
    sla_kind: Mapped[str | None]
    sla_state: Mapped[str | None]
    sla_due_at: Mapped[datetime | None]
    anonymised_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None]
    deleted_at: Mapped[datetime | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")

    labels_shown: ClassVar[Any]
    """What `labels` reads; made below, where labels are known."""

    participants_shown: ClassVar[Any]
    """What `participants` reads; likewise."""
    mentions_shown: ClassVar[Any]
    """What `mentioned_ids` reads; likewise."""

    end_user: Mapped[EndUser] = relationship(
        lazy="raise", viewonly=True, primaryjoin="Conversation.end_user_id == foreign(EndUser.id)", uselist=False
    )
    project: Mapped[Project] = relationship(
        lazy="raise", viewonly=True, primaryjoin="Conversation.project_id == foreign(Project.id)", uselist=False
    )
    assignee: Mapped[User | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin="Conversation.assignee_id == foreign(User.id)", uselist=False
    )
    team: Mapped[Team | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin="Conversation.team_id == foreign(Team.id)", uselist=False
    )
    workspace: Mapped[Workspace] = relationship(lazy="raise", viewonly=True)

    @property
    def reader_id(self) -> UUID:
        """The visitor who can read it on the site."""
        return self.visitor_id or self.end_user_id

    @classmethod
    def is_read_by(cls, visitor_id: UUID) -> ColumnElement[bool]:
        return or_(and_(cls.end_user_id == visitor_id, cls.visitor_id.is_(None)), cls.visitor_id == visitor_id)

    @property
    def priority_name(self) -> str:
        return PRIORITIES[self.priority]

    @property
    def labels(self) -> list[dict[str, str]]:
        """`{id, name, colour}` of each label it has, by name. Needs `labels_shown` to be loaded."""
        return self.labels_shown or []

    @property
    def participants(self) -> list[dict[str, str | None]]:
        """`{id, name, picture}` of the members who follow it, whoever came first in front. Needs `participants_shown`
        to be loaded."""
        return self.participants_shown or []

    @property
    def mentioned_ids(self) -> list[UUID]:
        """The members and teams that are called in its notes. Needs `mentions_shown` to be loaded."""
        return self.mentions_shown or []

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @property
    def is_snoozed(self) -> bool:
        return self.status == "snoozed"

    @property
    def is_closed(self) -> bool:
        return self.status == "closed"

    @property
    def limits(self) -> Limits:
        """What one message in it may hold."""
        return limits_of(self.channel_kind)

    @property
    def is_unread(self) -> bool:
        return self.unread_count > 0

    def next_seq(self) -> int:
        """Take the next number. The row must be locked, so that numbers and commits keep the same order."""
        self.last_seq += 1
        return self.last_seq

    def close(self, *, at: datetime) -> None:
        self._become("closed", at)
        self.closed_at, self.waiting_since = at, None

    def reopen(self, *, at: datetime) -> None:
        """What was thought of how it had ended says nothing about how it will."""
        self._become("open", at)
        self.rating = self.rating_comment = None

    def snooze(self, *, until: datetime | None, at: datetime) -> None:
        self._become("snoozed", at)
        self.snoozed_until = until

    def set_pending(self, *, at: datetime) -> None:
        self._become("pending", at)

    def wake(self, *, at: datetime) -> None:
        """Open again because it is time: it asks for attention as if somebody had written."""
        self._become("open", at)
        self.unread_count = max(1, self.unread_count)

    def is_due_to_wake(self, at: datetime) -> bool:
        return self.is_snoozed and self.snoozed_until is not None and self.snoozed_until <= at

    def _become(self, status: str, at: datetime) -> None:
        self.status, self.closed_at, self.snoozed_until, self.changed_at = status, None, None, at


class ConversationLabel(TenantMixin, Base):
    """A conversation has a label."""

    __tablename__ = "conversation_label"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "conversation_id", "label_id"),
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["workspace_id", "label_id"], ["label.workspace_id", "label.id"], ondelete="CASCADE"),
        Index("ix_conversation_label_label", "workspace_id", "label_id", "conversation_id"),
    )

    conversation_id: Mapped[UUID]
    label_id: Mapped[UUID]


class ConversationChange(TenantMixin, Base):
    """What a deed changed in a conversation, part by part, and the number that its thread had come to then."""

    __tablename__ = "conversation_change"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "deed_id", "conversation_id"),
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["workspace_id", "deed_id"], ["deed.workspace_id", "deed.id"], ondelete="CASCADE"),
        Index("ix_conversation_change_conversation", "workspace_id", "conversation_id"),
    )

    deed_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    seq: Mapped[int]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class Participant(TenantMixin, Base):
    """A member follows a conversation: who had it, who was called there, or who joined."""

    __tablename__ = "participant"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "conversation_id", "user_id"),
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        Index("ix_participant_user", "workspace_id", "user_id", "conversation_id"),
    )

    conversation_id: Mapped[UUID]
    user_id: Mapped[UUID]
    joined_at: Mapped[datetime] = mapped_column(default=now)


class Mention(KeyMixin, TenantMixin, Base):
    """In one of its notes somebody is called by name: a member, or a team."""

    __tablename__ = "mention"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id", "seq"],
            ["message.workspace_id", "message.conversation_id", "message.seq"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"], ondelete="CASCADE"),
        UniqueConstraint("workspace_id", "conversation_id", "seq", "user_id"),
        UniqueConstraint("workspace_id", "conversation_id", "seq", "team_id"),
        CheckConstraint("(user_id IS NULL) <> (team_id IS NULL)", name="callee"),
        Index("ix_mention_user", "workspace_id", "user_id", "conversation_id"),
        Index("ix_mention_team", "workspace_id", "team_id", "conversation_id"),
    )

    conversation_id: Mapped[UUID]
    seq: Mapped[int]
    user_id: Mapped[UUID | None]
    team_id: Mapped[UUID | None]


_LABEL = func.jsonb_build_object("id", Label.id, "name", Label.name, "colour", Label.colour)

Conversation.labels_shown = column_property(
    select(func.jsonb_agg(aggregate_order_by(_LABEL, func.lower(Label.name), Label.id)))
    .join(ConversationLabel, ConversationLabel.label_id == Label.id)
    .where(
        Label.workspace_id == Conversation.workspace_id,
        ConversationLabel.workspace_id == Conversation.workspace_id,
        ConversationLabel.conversation_id == Conversation.id,
    )
    .correlate_except(Label, ConversationLabel)
    .scalar_subquery(),
    deferred=True,
    raiseload=True,
)
"""Loaded with the row where it is to be shown, so that a list costs no query more."""

_PICTURE = case((User.avatar_token.is_not(None), literal("/avatars/").concat(User.avatar_token)))
"""As `User.avatar_path`."""
_PARTICIPANT = func.jsonb_build_object("id", User.id, "name", User.name, "picture", _PICTURE)

Conversation.participants_shown = column_property(
    select(func.jsonb_agg(aggregate_order_by(_PARTICIPANT, Participant.joined_at, User.id)))
    .select_from(Participant)
    .join(User, User.id == Participant.user_id)
    .where(Participant.workspace_id == Conversation.workspace_id, Participant.conversation_id == Conversation.id)
    .correlate_except(Participant, User)
    .scalar_subquery(),
    deferred=True,
    raiseload=True,
)
"""Likewise."""

Conversation.mentions_shown = column_property(
    select(func.array_agg(func.coalesce(Mention.user_id, Mention.team_id).distinct()))
    .where(Mention.workspace_id == Conversation.workspace_id, Mention.conversation_id == Conversation.id)
    .correlate_except(Mention)
    .scalar_subquery(),
    deferred=True,
    raiseload=True,
)
"""Likewise."""
