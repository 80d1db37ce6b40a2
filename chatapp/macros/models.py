"""Macros."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.teams.models import Team

ACTIONS = ("note", "reply", "add_labels", "remove_labels", "priority", "team", "assign", "status")
"""What a macro can do, in the order in which it is done: what is said comes before the conversation is put away."""


class Macro(KeyMixin, TenantMixin, Base):
    """A name and what it does. It is everybody's, a team's, or one member's own, and goes when those go.

    `actions` holds a value for some of `ACTIONS`: a text; ids of labels; a priority; the id of a team or ""; the id of
    a member, "me" or ""; a status, where snoozed is "snoozed:reply" or names a moment of the snooze menu.
    `holder_id` is the workspace, the team or the member: within one holder a name stands for one macro.
    """

    __tablename__ = "macro"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["workspace_id", "owner_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("workspace_id", "holder_id", "name"),
        CheckConstraint("holder_id = coalesce(owner_id, team_id, workspace_id)", name="holder"),
        CheckConstraint("owner_id IS NULL OR team_id IS NULL", name="one_holder"),
    )

    holder_id: Mapped[UUID]
    team_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None]
    name: Mapped[str]
    actions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    used_count: Mapped[int] = mapped_column(default=0)

    team: Mapped[Team | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin="Macro.team_id == foreign(Team.id)", uselist=False
    )

    @property
    def is_own(self) -> bool:
        """Nobody but one member sees it."""
        return self.owner_id is not None

    @property
    def says_something(self) -> bool:
        """What is said cannot be taken back."""
        return not {"reply", "note"}.isdisjoint(self.actions)

    def give(self, *, team: Team | None, owner_id: UUID | None) -> None:
        """To a team, to one member, or with neither to everybody."""
        self.team_id, self.owner_id = team.id if team else None, owner_id
        self.holder_id = self.owner_id or self.team_id or self.workspace_id
