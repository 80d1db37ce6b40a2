"""Saved views."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.conditions import Group, read
from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key
from chatapp.teams.models import Team

SUBJECTS = ("conversations", "contacts")


class SavedView(KeyMixin, TenantMixin, Base):
    """Conditions on rows of `subject`. It is everybody's, a team's, or one member's own, and goes when those go.

    `holder_id` is the workspace, the team or the member; the views of one holder stand in the order of `position`.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        tenant_key(),
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["workspace_id", "owner_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        CheckConstraint("subject IN ('conversations', 'contacts')", name="subject"),
        CheckConstraint("holder_id = coalesce(owner_id, team_id, workspace_id)", name="holder"),
        CheckConstraint("owner_id IS NULL OR team_id IS NULL", name="one_holder"),
        Index("ix_saved_view_holder", "workspace_id", "holder_id", "subject", "position"),
    )

    subject: Mapped[str] = mapped_column(default="conversations")
    holder_id: Mapped[UUID]
    team_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None]
    name: Mapped[str]
    conditions: Mapped[dict[str, Any]]
    sort: Mapped[str]
    position: Mapped[int]

    team: Mapped[Team | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin="SavedView.team_id == foreign(Team.id)", uselist=False
    )

    @property
    def is_own(self) -> bool:
        """Nobody but one member sees it."""
        return self.owner_id is not None

    @property
    def group(self) -> Group:
        """Its conditions, ready to be turned into SQL."""
        return read(self.conditions)

    def give(self, *, team: Team | None, owner_id: UUID | None) -> None:
        """To a team, to one member, or with neither to everybody."""
        self.team_id, self.owner_id = team.id if team else None, owner_id
        self.holder_id = self.owner_id or self.team_id or self.workspace_id
