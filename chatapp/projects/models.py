"""Projects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ARRAY, Text
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key


class Project(KeyMixin, TenantMixin, Base):
    """A site. `site_key` is public: it stands in the snippet."""

    __tablename__ = "project"
    __table_args__ = (tenant_key(),)

    name: Mapped[str]
    site_key: Mapped[str] = mapped_column(unique=True)
    allowed_domains: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    locale: Mapped[str] = mapped_column(default="en")
    accent: Mapped[str] = mapped_column(default="#4150d8")
    greeting: Mapped[str] = mapped_column(default="")
    reply_seconds: Mapped[int | None]
    last_seen_at: Mapped[datetime | None]
    last_seen_url: Mapped[str | None]
