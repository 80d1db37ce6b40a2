"""Files of contacts: what is exported, and what is imported."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key


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
