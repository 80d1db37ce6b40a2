"""Conversations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.auth.models import User
from chatapp.common.clock import now
from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key
from chatapp.common.ids import uuid7
from chatapp.endusers.models import EndUser
from chatapp.projects.models import Project
from chatapp.workspaces.models import Workspace

STATUSES = ("open", "pending", "snoozed", "closed")


class Conversation(KeyMixin, TenantMixin, Base):
    """One conversation. `last_seq` numbers everything that happens in it; readers ask for what is above their number.

    `epoch` changes when history is restored from a backup: whoever holds another starts anew. `waiting_since` is
    oldest visitor's message nobody has answered. `last_message_at` orders lists; `changed_at` tells them to refresh.
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
        CheckConstraint("status IN ('open', 'pending', 'snoozed', 'closed')", name="status"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("ix_conversation_inbox", "workspace_id", "status", "last_message_at", "id"),
        Index("ix_conversation_assignee", "workspace_id", "assignee_id", "status", "last_message_at", "id"),
        Index("ix_conversation_end_user", "workspace_id", "end_user_id", "last_message_at"),
        Index("ix_conversation_changed", "workspace_id", "changed_at"),
    )

    project_id: Mapped[UUID]
    end_user_id: Mapped[UUID]
    assignee_id: Mapped[UUID | None]
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
    rating: Mapped[int | None]
    rating_comment: Mapped[str | None]

    end_user: Mapped[EndUser] = relationship(
        lazy="raise", viewonly=True, primaryjoin="Conversation.end_user_id == foreign(EndUser.id)", uselist=False
    )
    project: Mapped[Project] = relationship(
        lazy="raise", viewonly=True, primaryjoin="Conversation.project_id == foreign(Project.id)", uselist=False
    )
    assignee: Mapped[User | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin="Conversation.assignee_id == foreign(User.id)", uselist=False
    )

    workspace: Mapped[Workspace] = relationship(lazy="raise", viewonly=True)

    @property
    def is_closed(self) -> bool:
        return self.status == "closed"

    @property
    def is_unread(self) -> bool:
        return self.unread_count > 0

    def next_seq(self) -> int:
        """Take the next number. The row must be locked, so that numbers and commits keep the same order."""
        self.last_seq += 1
        return self.last_seq

    def close(self, *, at: datetime) -> None:
        self.status, self.closed_at, self.waiting_since, self.changed_at = "closed", at, None, at

    def reopen(self, *, at: datetime) -> None:
        self.status, self.closed_at, self.changed_at = "open", None, at
