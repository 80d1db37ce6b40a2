"""Canned replies."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.teams.models import Team


class CannedReply(KeyMixin, TenantMixin, Base):
    """A text under a short code. It is everybody's, a team's, or one member's own, and goes when those go.

    `holder_id` is the workspace, the team or the member: within one holder a code stands for one text.
    """

    __tablename__ = "canned_reply"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["workspace_id", "owner_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("workspace_id", "holder_id", "code"),
        CheckConstraint("holder_id = coalesce(owner_id, team_id, workspace_id)", name="holder"),
        CheckConstraint("owner_id IS NULL OR team_id IS NULL", name="one_holder"),
    )

    holder_id: Mapped[UUID]
    team_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None]
    code: Mapped[str]
    text: Mapped[str]
    used_count: Mapped[int] = mapped_column(default=0)

    team: Mapped[Team | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin="CannedReply.team_id == foreign(Team.id)", uselist=False
    )

    @property
    def is_own(self) -> bool:
        """Nobody but one member sees it."""
        return self.owner_id is not None

    def give(self, *, team: Team | None, owner_id: UUID | None) -> None:
        """To a team, to one member, or with neither to everybody."""
        self.team_id, self.owner_id = team.id if team else None, owner_id
        self.holder_id = self.owner_id or self.team_id or self.workspace_id
