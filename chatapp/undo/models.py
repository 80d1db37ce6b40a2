"""Deeds that may be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key


class Deed(KeyMixin, TenantMixin, Base):
    """One thing that a member did. `kind` says what, and so who takes it back; `facts` is what that needs to know."""

    __tablename__ = "deed"
    __table_args__ = (
        tenant_key(),
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        Index("ix_deed_expires_at", "expires_at"),
        Index("ix_deed_user", "workspace_id", "user_id"),
    )

    user_id: Mapped[UUID]
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    expires_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
