"""End users and their visitor sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key


class EndUser(KeyMixin, TenantMixin, Base):
    """A contact. Comes into being with the first message, not with a page view, or by an agent's hand.

    Who is blocked writes no more. What is computed is Postgres' own doing, for lists and look-ups to go by an index:
    functions of other columns are not leakproof, so row-level security would keep them from one.
    """

    __tablename__ = "end_user"
    __table_args__ = (
        tenant_key(),
        Index("ix_end_user_seen", "workspace_id", "seen_at", "id"),
        Index("ix_end_user_sort_name", "workspace_id", "sort_name", "id"),
        Index("ix_end_user_created", "workspace_id", "created_at", "id"),
        Index("ix_end_user_email_key", "workspace_id", "email_key"),
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
    phone: Mapped[str | None]
    company: Mapped[str | None]
    locale: Mapped[str | None]
    last_seen_at: Mapped[datetime | None]
    message_count: Mapped[int] = mapped_column(default=0)
    blocked_at: Mapped[datetime | None]
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


class ContactExport(KeyMixin, TenantMixin, Base):
    """All contacts as CSV, made part by part until `done` is `total`; then it can be had until it is over.

    `columns`: `{place, name}` of each attribute that is in it. With a segment (`saved_view_id`) it holds who fulfils
    `conditions`. All that is as it was when the file was asked for.
    """

    __tablename__ = "contact_export"
    __table_args__ = (
        tenant_key(),
        ForeignKeyConstraint(
            ["workspace_id", "saved_view_id"], ["saved_view.workspace_id", "saved_view.id"], ondelete="CASCADE"
        ),
        CheckConstraint("state IN ('pending', 'ready')", name="state"),
        Index("ix_contact_export_saved_view_id", "workspace_id", "saved_view_id"),
        Index("ix_contact_export_expires_at", "expires_at"),
    )

    requested_by: Mapped[str]
    saved_view_id: Mapped[UUID | None]
    conditions: Mapped[dict[str, Any] | None]
    columns: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    state: Mapped[str] = mapped_column(default="pending")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    last_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]


class ContactExportPart(TenantMixin, Base):
    """Some lines of an export; `number` is how many contacts stand before them."""

    __tablename__ = "contact_export_part"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "export_id", "number"),
        ForeignKeyConstraint(
            ["workspace_id", "export_id"], ["contact_export.workspace_id", "contact_export.id"], ondelete="CASCADE"
        ),
    )

    export_id: Mapped[UUID]
    number: Mapped[int]
    text: Mapped[str]


class ContactImport(KeyMixin, TenantMixin, Base):
    """A table of contacts. `columns` maps fields to places; `counts` tells what became of the `done` rows.

    It is looked through (`checking`), then, when somebody says so, taken in (`running`).
    """

    __tablename__ = "contact_import"
    __table_args__ = (
        tenant_key(),
        CheckConstraint("state IN ('uploaded', 'checking', 'checked', 'running', 'done')", name="state"),
        Index("ix_contact_import_expires_at", "expires_at"),
    )

    requested_by: Mapped[str]
    file_name: Mapped[str]
    content: Mapped[str] = mapped_column(deferred=True)
    separator: Mapped[str]
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="uploaded")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    expires_at: Mapped[datetime]

    @property
    def is_working(self) -> bool:
        return self.state in ("checking", "running")


class ContactImportProblem(TenantMixin, Base):
    """A row of the table that is not taken in, and why."""

    __tablename__ = "contact_import_problem"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "import_id", "line"),
        ForeignKeyConstraint(
            ["workspace_id", "import_id"], ["contact_import.workspace_id", "contact_import.id"], ondelete="CASCADE"
        ),
    )

    import_id: Mapped[UUID]
    line: Mapped[int]
    reason: Mapped[str]
    cells: Mapped[list[str]] = mapped_column(JSONB)
