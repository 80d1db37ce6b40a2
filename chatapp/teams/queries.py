"""Reads about teams."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import joinedload

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.teams.models import Team, TeamMember
from chatapp.workspaces.models import Membership


def teams() -> Sequence[Team]:
    """Every team of the current workspace, by name."""
    return sorted(db.session.scalars(select(Team)), key=lambda team: (team.name.casefold(), team.id))


def team(team_id: UUID) -> Team:
    """A team of the current workspace. Raises `AppError` 404."""
    found = db.session.scalar(select(Team).where(Team.id == team_id))
    if found is None:
        raise not_found()
    return found


def locked(team_id: UUID) -> Team:
    """The team with its row locked, fresh from the database; rows may go on pointing at it. Raises `AppError` 404."""
    found = db.session.scalar(
        select(Team).where(Team.id == team_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    )
    if found is None:
        raise not_found()
    return found


def team_ids_of(user_id: UUID) -> frozenset[UUID]:
    """The teams of the current workspace that a member is in."""
    return frozenset(db.session.scalars(select(TeamMember.team_id).where(TeamMember.user_id == user_id)))


def team_ids_of_each(keys: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], frozenset[UUID]]:
    """The teams of each member, by workspace and user; those in none are left out."""
    key = tuple_(TeamMember.workspace_id, TeamMember.user_id)
    rows = db.session.execute(
        select(TeamMember.workspace_id, TeamMember.user_id, TeamMember.team_id).where(key.in_(keys))
    )
    found: dict[tuple[UUID, UUID], frozenset[UUID]] = {}
    for workspace_id, user_id, team_id in rows:
        found[workspace_id, user_id] = found.get((workspace_id, user_id), frozenset()) | {team_id}
    return found


def rows_of(team_id: UUID) -> Sequence[TeamMember]:
    """Who is in a team, with their membership and user, by name."""
    return _by_name(select(TeamMember).where(TeamMember.team_id == team_id))


def rows_by_team() -> dict[UUID, list[TeamMember]]:
    """Who is in each team of the current workspace, likewise; teams without members are left out."""
    found: dict[UUID, list[TeamMember]] = {}
    for row in _by_name(select(TeamMember)):
        found.setdefault(row.team_id, []).append(row)
    return found


def _by_name(statement: Select[Any]) -> Sequence[TeamMember]:
    with_user = joinedload(TeamMember.membership, innerjoin=True).joinedload(Membership.user, innerjoin=True)
    rows = db.session.scalars(statement.options(with_user))
    return sorted(rows, key=lambda row: (row.membership.user.name.casefold(), row.user_id))
