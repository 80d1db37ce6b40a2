"""Which conversations a member sees: one definition, for every query and for every socket.

A conversation lies on *desks*: on everybody's, on its assignee's, on its team's, and, as long as nobody has it, on that
of its team's waiting ones or of those that wait outside of any team. A member's *sight* is the desks they look at, by
their role's visibility:

- `own`: what is assigned to them;
- `unassigned`: that, and what nobody has and waits outside of any team or in a team of theirs;
- `team`: all that, and whatever lies with a team of theirs, whoever has it;
- `all`: everything.

They see a conversation if it lies on one of their desks. Whatever a member asks for in a request or a frame carries
their sight as a criterion, as it carries the workspace; a member's session without a sight finds nothing and raises.
Sessions that no member entered (a visitor's, a job's, a command's) see everything in their workspace.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from flask import Flask
from sqlalchemy import ColumnElement, and_, event, false, or_, select, true
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from chatapp.common import tenancy
from chatapp.common.db import Base, db
from chatapp.conversations import permissions
from chatapp.conversations.models import Conversation
from chatapp.teams import queries as teams
from chatapp.workspaces.door import membership_or_none
from chatapp.workspaces.models import Membership

_SIGHT = "sight"
_CRITERIA = "criteria_of_sight"
_DELETED = "with_deleted"


class VisibilityError(Exception):
    """A member asked for conversations before it was known which they see. Always a defect, never the user's fault."""


class Lying(Protocol):
    """What decides where a conversation lies."""

    assignee_id: Any
    team_id: Any


@dataclass(frozen=True)
class Desk:
    """A place where conversations lie. `kind`: everybody, member, team, or waiting (of a team, or of none)."""

    kind: str
    owner_id: UUID | None = None

    @property
    def key(self) -> str:
        """Its name in topics and events."""
        return f"{self.kind}-{self.owner_id}" if self.owner_id else self.kind

    def holds(self) -> ColumnElement[bool]:
        """Whether a conversation lies here, as SQL."""
        if self.kind == "member":
            return Conversation.assignee_id == self.owner_id
        if self.kind == "team":
            return Conversation.team_id == self.owner_id
        if self.kind == "waiting":
            return and_(Conversation.assignee_id.is_(None), Conversation.team_id.is_not_distinct_from(self.owner_id))
        return true()


EVERYBODY = Desk("everybody")


def desks_of(conversation: Lying) -> frozenset[Desk]:
    """Every desk on which a conversation lies now."""
    assignee_id, team_id = conversation.assignee_id, conversation.team_id
    desks = {EVERYBODY, Desk("member", assignee_id) if assignee_id else Desk("waiting", team_id)}
    return frozenset(desks | {Desk("team", team_id)} if team_id else desks)


@dataclass(frozen=True)
class Sight:
    """The desks that somebody looks at."""

    desks: frozenset[Desk]

    @property
    def is_everything(self) -> bool:
        return EVERYBODY in self.desks

    @property
    def key(self) -> str:
        """One text for one sight, so that a socket can be asked whether it still shows what it may."""
        return " ".join(sorted(desk.key for desk in self.desks))

    @property
    def shows_waiting(self) -> bool:
        """Whether conversations that nobody has can be among them."""
        return self.is_everything or any(desk.kind == "waiting" for desk in self.desks)

    def covers(self, conversation: Lying) -> bool:
        return not self.desks.isdisjoint(desks_of(conversation))

    def criterion(self) -> ColumnElement[bool]:
        """Whether a conversation is seen, as SQL."""
        return or_(false(), *(desk.holds() for desk in sorted(self.desks, key=lambda desk: desk.key)))


EVERYTHING = Sight(frozenset({EVERYBODY}))
NOTHING = Sight(frozenset())


def sight_of(member: Membership) -> Sight:
    """What a member sees now."""
    return sights_of([member])[member.workspace_id, member.user_id]


def sights_of(members: Sequence[Membership]) -> dict[tuple[UUID, UUID], Sight]:
    """What each member sees now, by workspace and user; those of several workspaces need `across_tenants`."""
    narrow = [(member.workspace_id, member.user_id) for member in members if not member.sees_all]
    team_ids = teams.team_ids_of_each(narrow) if narrow else {}
    keys = ((member, (member.workspace_id, member.user_id)) for member in members)
    return {key: _sight(member, team_ids.get(key, ())) for member, key in keys}


def _sight(member: Membership, team_ids: Iterable[UUID]) -> Sight:
    if not member.may(permissions.VIEW):
        return NOTHING
    if member.sees_all:
        return EVERYTHING
    visibility = member.rights.visibility
    desks, own_teams = {Desk("member", member.user_id)}, frozenset(team_ids)
    if visibility != "own":
        desks |= {Desk("waiting", team_id) for team_id in (None, *own_teams)}
    if visibility == "team":
        desks |= {Desk("team", team_id) for team_id in own_teams}
    return Sight(frozenset(desks))


# Entering


def init_app(app: Flask) -> None:
    app.before_request(_enter_as_member)


def _enter_as_member() -> None:
    """Requests inside a workspace see what their member sees. The door has been passed by now."""
    membership = membership_or_none()
    if membership is not None:
        enter(sight_of(membership))


def enter(sight: Sight) -> None:
    """From now on the current session finds what this sight covers, and nothing else."""
    info = db.session().info
    info[_SIGHT], info[_CRITERIA] = sight, _criteria(sight)


def current_sight() -> Sight:
    """What the current session finds."""
    info = db.session().info
    if _SIGHT not in info and not tenancy.is_entered_by_member(db.session()):
        return EVERYTHING
    found: Sight = info[_SIGHT]
    return found


@contextmanager
def unrestricted(*, reason: str) -> Iterator[None]:
    """See every conversation of the workspace until the block ends. `reason` says why, for the reader."""
    assert reason
    info = db.session().info
    before = {name: info[name] for name in (_SIGHT, _CRITERIA) if name in info}
    info[_SIGHT], info[_CRITERIA] = EVERYTHING, ()
    try:
        yield
    finally:
        for name in (_SIGHT, _CRITERIA):
            info.pop(name, None)
        info.update(before)


def _criteria(sight: Sight) -> tuple[Any, ...]:
    """What every statement carries: on conversations, and on everything that belongs to one."""
    if sight.is_everything:
        return ()
    seen = sight.criterion()
    own = with_loader_criteria(Conversation, seen, include_aliases=True)
    return (own, *(_of_part(part, seen) for part in parts_of_conversations()))


def _of_part(part: Any, seen: ColumnElement[bool]) -> Any:
    shown = part.conversation_id.in_(select(Conversation.id).where(seen))
    if getattr(part, "may_be_about_none", False):
        shown = or_(shown, part.conversation_id.is_(None))
    return with_loader_criteria(part, shown, include_aliases=True)


def parts_of_conversations() -> Collection[type[Any]]:
    """Every table whose rows belong to a conversation. Where some belong to none and are seen all the same, the class
    says so: `may_be_about_none`."""
    return [mapper.class_ for mapper in Base.registry.mappers if "conversation_id" in mapper.columns]


@contextmanager
def with_deleted(*, reason: str) -> Iterator[None]:
    """Find conversations that were deleted, too, until the block ends. `reason` says why, for the reader."""
    assert reason
    info = db.session().info
    info[_DELETED] = True
    try:
        yield
        db.session.flush()
    finally:
        del info[_DELETED]


_THERE = with_loader_criteria(Conversation, Conversation.deleted_at.is_(None), include_aliases=True)
_UNKNOWN = with_loader_criteria(Conversation, false(), include_aliases=True)


@event.listens_for(Session, "do_orm_execute")
def _keep_in_sight(state: ORMExecuteState) -> None:
    session = state.session
    if not state.is_orm_statement or state.is_insert or state.is_column_load or state.is_relationship_load:
        return
    if _DELETED not in session.info:
        state.statement = state.statement.options(_THERE)
    if tenancy.is_across(session):
        return
    if _CRITERIA in session.info:
        if session.info[_CRITERIA]:
            state.statement = state.statement.options(*session.info[_CRITERIA])
    elif tenancy.is_entered_by_member(session):
        if any(mapper.class_ in _guarded() for mapper in state.all_mappers):
            raise VisibilityError("A member asked for conversations before it was known which they see.")
        state.statement = state.statement.options(_UNKNOWN)


def _guarded() -> Collection[type[Any]]:
    return [Conversation, *parts_of_conversations()]
