"""Projects."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key
from chatapp.hours import models as _hours  # noqa: F401  # a foreign key names its table
from chatapp.workspaces.models import Workspace


class Project(KeyMixin, TenantMixin, Base):
    """A site. `site_key` is public: it stands in the snippet. New conversations go to the team, if there is one.

    Without `hours_id` the workspace's default hours hold. How its widget looks is read as an `Appearance`; `words` maps
    a language to what the owner says there instead of us. Out of use once archived: visitors are not let in.
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
        ForeignKeyConstraint(
            ["workspace_id", "faces_team_id"], ["team.workspace_id", "team.id"], ondelete="SET NULL (faces_team_id)"
        ),
        CheckConstraint("scheme IN ('auto', 'light', 'dark')", name="scheme"),
        CheckConstraint("launcher_shape IN ('round', 'soft', 'words', 'own')", name="launcher_shape"),
        CheckConstraint("launcher_side IN ('left', 'right')", name="launcher_side"),
        CheckConstraint("launcher_x BETWEEN 0 AND 200 AND launcher_y BETWEEN 0 AND 200", name="launcher_offset"),
    )

    name: Mapped[str]
    site_key: Mapped[str] = mapped_column(unique=True)
    allowed_domains: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    locale: Mapped[str] = mapped_column(default="en")
    accent: Mapped[str] = mapped_column(default="#4150d8")
    scheme: Mapped[str] = mapped_column(default="auto", server_default="auto")
    launcher_shape: Mapped[str] = mapped_column(default="round", server_default="round")
    launcher_side: Mapped[str] = mapped_column(default="right", server_default="right")
    launcher_x: Mapped[int] = mapped_column(default=20, server_default="20")
    launcher_y: Mapped[int] = mapped_column(default=20, server_default="20")
    shows_faces: Mapped[bool] = mapped_column(default=True, server_default="true")
    faces_team_id: Mapped[UUID | None]
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, default=dict, server_default="{}")
    logo: Mapped[bytes | None] = mapped_column(deferred=True, deferred_raiseload=True)
    logo_token: Mapped[str | None] = mapped_column(unique=True)
    archived_at: Mapped[datetime | None]
    team_id: Mapped[UUID | None]
    hours_id: Mapped[UUID | None]
    reply_seconds: Mapped[int | None]
    last_seen_at: Mapped[datetime | None]
    last_seen_url: Mapped[str | None]
    workspace: Mapped[Workspace] = relationship(lazy="raise", viewonly=True)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def logo_path(self) -> str | None:
        """Where its logo is, if it has one."""
        return f"/widget/logos/{self.logo_token}" if self.logo_token else None
