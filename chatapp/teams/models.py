"""Teams and who is in them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key
from chatapp.workspaces.models import Membership

MODES = ("none", "round_robin", "least_busy")
MOST_CAPACITY = 999


class Team(KeyMixin, TenantMixin, Base):
    """People who take conversations together.

    `assignment` says how new conversations find a member: by hand, in turn, or to whoever has the fewest. `capacity`
    is how many open ones a member may have before they get no more; None is no bound. `turns` counts what was handed
    out, so that turns follow one another whatever the clocks say.
    """

    __tablename__ = "team"
    __table_args__ = (
        tenant_key(),
        CheckConstraint("assignment IN ('none', 'round_robin', 'least_busy')", name="assignment"),
        CheckConstraint(f"capacity BETWEEN 1 AND {MOST_CAPACITY}", name="capacity"),
    )

    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    assignment: Mapped[str] = mapped_column(default="none")
    capacity: Mapped[int | None]
    only_online: Mapped[bool] = mapped_column(default=True)
    turns: Mapped[int] = mapped_column(default=0)


Index("uq_team_name", Team.workspace_id, func.lower(Team.name), unique=True)


class TeamMember(TenantMixin, Base):
    """A member of the workspace in a team. `last_turn` is the team's turn in which they were last handed something."""

    __tablename__ = "team_member"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "team_id", "user_id"),
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        Index("ix_team_member_user", "workspace_id", "user_id"),
    )

    team_id: Mapped[UUID]
    user_id: Mapped[UUID]
    last_turn: Mapped[int] = mapped_column(default=0)

    membership: Mapped[Membership] = relationship(lazy="raise", viewonly=True)
