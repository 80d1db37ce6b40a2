"""Projects."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key
from chatapp.hours import models as _hours  # noqa: F401  # a foreign key names its table
from chatapp.workspaces.models import Workspace


class Project(KeyMixin, TenantMixin, Base):
    """A site. `site_key` is public: it stands in the snippet. New conversations go to the team, if there is one.

    Without `hours_id` the workspace's default hours hold.
    """

    __tablename__ = "project"
    __table_args__ = (
        tenant_key(),
        ForeignKeyConstraint(
            ["workspace_id", "team_id"], ["team.workspace_id", "team.id"], ondelete="SET NULL (team_id)"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "hours_id"], ["hours.workspace_id", "hours.id"], ondelete="SET NULL (hours_id)"
        ),
    )

    name: Mapped[str]
    site_key: Mapped[str] = mapped_column(unique=True)
    allowed_domains: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    locale: Mapped[str] = mapped_column(default="en")
    accent: Mapped[str] = mapped_column(default="#4150d8")
    greeting: Mapped[str] = mapped_column(default="")
    team_id: Mapped[UUID | None]
    hours_id: Mapped[UUID | None]
    reply_seconds: Mapped[int | None]
    last_seen_at: Mapped[datetime | None]
    last_seen_url: Mapped[str | None]
    workspace: Mapped[Workspace] = relationship(lazy="raise", viewonly=True)
