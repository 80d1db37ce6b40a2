"""Hand out what waits in a team's queue.

Whoever hands out holds the team's lock and those of its members, so that, however many do it at once, each conversation
is given to one member, nobody is given more than their cap, and turns follow one another.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from chatapp.assignment import queries
from chatapp.assignment.queries import Candidate
from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.messages import services as messages
from chatapp.teams import queries as team_queries
from chatapp.teams.models import Team

BATCH = 50


def hand_out(team_id: UUID) -> int:
    """Give what waits, up to `BATCH`, to those who may take it; how many were given.

    What nobody can take stays in the queue. A team that is gone, or whose people take by hand, is left alone.
    """
    if not queries.waiting(team_id, 1):
        return 0
    try:
        team = team_queries.locked(team_id)
    except AppError:
        return 0
    if team.assignment == "none":
        return 0
    candidates = queries.locked_candidates(team.id)
    given = 0
    for conversation_id in queries.waiting(team.id, BATCH):
        chosen = _next(team, candidates)
        if chosen is None:
            break
        given += _give(conversation_id, team, chosen)
    return given


def _next(team: Team, candidates: Iterable[Candidate]) -> Candidate | None:
    """Whose turn it is among those who may answer, are there if they must be, and are below the cap."""
    moment = now()
    free = [
        candidate
        for candidate in candidates
        if candidate.member.may(permissions.REPLY)
        and (not team.only_online or candidate.member.presence(moment) == "online")
        and (team.capacity is None or candidate.load < team.capacity)
    ]
    if team.assignment == "least_busy":
        return min(free, key=lambda one: (one.load, one.row.last_turn, one.row.user_id), default=None)
    return min(free, key=lambda one: (one.row.last_turn, one.row.user_id), default=None)


def _give(conversation_id: UUID, team: Team, chosen: Candidate) -> int:
    """1, or 0 when somebody has taken, moved or closed it in the meantime."""
    conversation = conversation_queries.locked(conversation_id)
    if conversation.team_id != team.id or conversation.assignee_id is not None or conversation.status != "open":
        return 0
    messages.hand_out(conversation, to=chosen.member, team=team)
    team.turns += 1
    chosen.row.last_turn = team.turns
    chosen.load += 1
    return 1
