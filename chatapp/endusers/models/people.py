"""Contacts, what is noted about them, and the tokens of their browsers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key


class EndUser(KeyMixin, TenantMixin, Base):
    """A contact. Comes into being with the first message, not with a page view, or by an agent's hand.

    Who is blocked writes no more. What is computed is Postgres' own doing, for lists and look-ups to go by an index:
    functions of other columns are not leakproof, so row-level security would keep them from one.
    Who was merged into another contact (`merged_into_id`) stays as they were, but no list shows them: see *contacts*.
    `left_email`: where a visitor says that they can be written to. Nobody has proven it, so nobody is known by it.
    """

    __tablename__ = "end_user"
    __table_args__ = (
        tenant_key(),
        ForeignKeyConstraint(
            ["workspace_id", "merged_into_id"], ["end_user.workspace_id", "end_user.id"], ondelete="CASCADE"
        ),
        Index(
            "ix_end_user_merged_into",
            "workspace_id",
            "merged_into_id",
            postgresql_where="merged_into_id IS NOT NULL",
        ),
        Index("ix_end_user_seen", "workspace_id", "seen_at", "id"),
        Index("ix_end_user_sort_name", "workspace_id", "sort_name", "id"),
        Index("ix_end_user_created", "workspace_id", "created_at", "id"),
        Index("ix_end_user_email_key", "workspace_id", "email_key"),
        Index("ix_end_user_phone", "workspace_id", "phone", postgresql_where="phone IS NOT NULL"),
        Index("ix_end_user_blocked", "workspace_id", "seen_at", "id", postgresql_where="blocked_at IS NOT NULL"),
        Index(
            "ix_end_user_person",
            "workspace_id",
            "person",
            postgresql_using="gin",
            postgresql_ops={"person": "gin_trgm_ops"},
        ),
    )

    name: Mapped[str | None]
    email: Mapped[str | None]
    left_email: Mapped[str | None]
    phone: Mapped[str | None]
    company: Mapped[str | None]
    locale: Mapped[str | None]
    last_seen_at: Mapped[datetime | None]
    message_count: Mapped[int] = mapped_column(default=0)
    blocked_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    seen_at: Mapped[datetime] = mapped_column(Computed("coalesce(last_seen_at, created_at)", persisted=True))
    sort_name: Mapped[str] = mapped_column(
        Text(collation="C"),
        Computed("coalesce(nullif(btrim(search_person(coalesce(name, email), NULL)), ''), '~')", persisted=True),
    )
    email_key: Mapped[str | None] = mapped_column(Computed("lower(email)", persisted=True))
    person: Mapped[str] = mapped_column(Computed("search_person(name, email)", persisted=True), deferred=True)

    @property
    def code(self) -> str:
        """Four characters that tell nameless visitors apart."""
        return self.id.hex[-4:].upper()

    @property
    def address(self) -> str | None:
        """Where they can be written to."""
        return self.email or self.left_email

    @property
    def is_blocked(self) -> bool:
        return self.blocked_at is not None


class EndUserNote(KeyMixin, TenantMixin, Base):
    """What a member wrote down about a contact, for the team. Its author's name stays when they leave."""

    __tablename__ = "end_user_note"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "end_user_id"], ["end_user.workspace_id", "end_user.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "author_id"],
            ["membership.workspace_id", "membership.user_id"],
            ondelete="SET NULL (author_id)",
        ),
        Index("ix_end_user_note_end_user", "workspace_id", "end_user_id", "created_at", "id"),
    )

    end_user_id: Mapped[UUID]
    author_id: Mapped[UUID | None]
    author_name: Mapped[str]
    text: Mapped[str]
    edited_at: Mapped[datetime | None]


class VisitorSession(KeyMixin, TenantMixin, Base):
    """A visitor token in use. The token is signed and names the visitor; its hash here makes it revocable."""

    __tablename__ = "visitor_session"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "end_user_id"], ["end_user.workspace_id", "end_user.id"], ondelete="CASCADE"
        ),
    )

    end_user_id: Mapped[UUID] = mapped_column(index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
