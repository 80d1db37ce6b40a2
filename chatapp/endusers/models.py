"""End users and their visitor sessions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key


class EndUser(KeyMixin, TenantMixin, Base):
    """A contact. Comes into being with the first message, not with a page view."""

    __tablename__ = "end_user"
    __table_args__ = (tenant_key(),)

    name: Mapped[str | None]
    email: Mapped[str | None]
    locale: Mapped[str | None]
    last_seen_at: Mapped[datetime | None]
    message_count: Mapped[int] = mapped_column(default=0)

    @property
    def code(self) -> str:
        """Four characters that tell nameless visitors apart."""
        return self.id.hex[-4:].upper()


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
