"""Create teams, change them, choose who is in them, and delete them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.common import audit
from chatapp.common.db import db
from chatapp.common.errors import AppError, not_found
from chatapp.common.events import emit
from chatapp.teams import queries
from chatapp.teams.events import TeamChanged, TeamDeleted
from chatapp.teams.models import Team, TeamMember
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces.events import MemberRightsChanged
from chatapp.workspaces.models import Membership


def create(*, name: str, description: str = "", by: Membership) -> Team:
    """Make a team that nobody is in yet. Raises `AppError` 422 when the name is taken."""
    team = Team(workspace_id=by.workspace_id, name=name, description=description)
    with _free_name():
        db.session.add(team)
    audit.record("team.created", by=by.user, target_id=team.id, target_name=name)
    return team


def rename(team: Team, *, name: str, description: str, by: Membership) -> None:
    """Call it something else. Raises `AppError` 422 when the name is taken."""
    changes = {"name": (team.name, name), "description": (team.description, description)}
    with _free_name():
        team.name, team.description = name, description
    audit.record("team.changed", by=by.user, target_id=team.id, target_name=name, changes=changes)


def set_assignment(team: Team, *, assignment: str, capacity: int | None, only_online: bool, by: Membership) -> None:
    """Say how its conversations are handed out: one of `MODES`, up to how many open ones a member, and to whom."""
    team = queries.locked(team.id)
    wanted = {"assignment": assignment, "capacity": capacity, "only_online": only_online}
    changes = {field: (getattr(team, field), value) for field, value in wanted.items()}
    team.assignment, team.capacity, team.only_online = assignment, capacity, only_online
    audit.record("team.changed", by=by.user, target_id=team.id, target_name=team.name, changes=changes)
    _changed(team, by)


def choose_members(team: Team, *, user_ids: Collection[UUID], by: Membership) -> None:
    """Exactly these are in it from now on; those who stay keep their turn.

    Raises `AppError` 403 for somebody who may not see what the team has, 404 for anybody who is not in the workspace.
    """
    queries.locked(team.id)
    members = {member.user_id: member for member in workspace_queries.members()}
    if not members.keys() >= set(user_ids):
        raise not_found()
    here = {row.user_id: row for row in queries.rows_of(team.id)}
    added, gone = set(user_ids) - here.keys(), here.keys() - set(user_ids)
    if added and by.user_id not in here and not by.sees_all:
        raise AppError(403, _("You can let people into your own teams only: your role does not show you the others."))
    for user_id in added:
        db.session.add(TeamMember(workspace_id=team.workspace_id, team_id=team.id, user_id=user_id))
    for user_id in gone:
        db.session.delete(here[user_id])
    db.session.flush()
    _tell_sights([members[user_id] for user_id in added | gone])
    names = {user_id: member.user.name for user_id, member in members.items()}
    changes = {"members": (_names(names, here), _names(names, user_ids))}
    audit.record("team.changed", by=by.user, target_id=team.id, target_name=team.name, changes=changes)
    _changed(team, by)


def delete(team: Team, *, by: Membership) -> None:
    """Delete it, once no conversation belongs to it any more."""
    audit.record("team.deleted", by=by.user, target_id=team.id, target_name=team.name)
    _tell_sights([row.membership for row in queries.rows_of(team.id)])
    emit(TeamDeleted(workspace_id=team.workspace_id, team_id=team.id, actor=f"agent:{by.user_id}"))
    db.session.delete(team)
    db.session.flush()


def _tell_sights(members: Iterable[Membership]) -> None:
    """Whoever does not see everything anyway sees more, or less, with another team."""
    for member in members:
        if not member.sees_all:
            emit(MemberRightsChanged(workspace_id=member.workspace_id, user_id=member.user_id))


@contextmanager
def _free_name() -> Iterator[None]:
    """Write a name inside the block. Raises `AppError` 422 when another team has it, and then nothing was written."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError:
        taken = _("There is a team of this name already. Choose another.")
        raise AppError(422, taken, fields={"name": taken}) from None


def _changed(team: Team, by: Membership) -> None:
    emit(TeamChanged(workspace_id=team.workspace_id, team_id=team.id, actor=f"agent:{by.user_id}"))


def _names(names: dict[UUID, str], user_ids: Collection[UUID]) -> str:
    return ", ".join(sorted(names[user_id] for user_id in user_ids))
