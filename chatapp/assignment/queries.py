"""What waits, and who may take it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.conversations.models import Conversation
from chatapp.teams.models import Team, TeamMember
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces.models import Membership

_WAITS = and_(Conversation.status == "open", Conversation.assignee_id.is_(None), Conversation.team_id.is_not(None))


@dataclass
class Candidate:
    """A member of a team, with how many open conversations they have in the whole workspace."""

    row: TeamMember
    member: Membership
    load: int


def waiting(team_id: UUID, limit: int) -> Sequence[UUID]:
    """What waits in a team's queue, those first that began first."""
    return db.session.scalars(
        select(Conversation.id).where(_WAITS, Conversation.team_id == team_id).order_by(Conversation.id).limit(limit)
    ).all()


def teams_with_work(user_id: UUID | None = None) -> Sequence[UUID]:
    """The teams of the current workspace, or those of one member, that hand out and in whose queue something waits."""
    statement = select(Team.id).where(Team.assignment != "none", _has_queue()).order_by(Team.id)
    if user_id is not None:
        statement = statement.join(TeamMember, TeamMember.team_id == Team.id).where(TeamMember.user_id == user_id)
    return db.session.scalars(statement).all()


def teams_that_could_hand_out() -> Sequence[tuple[UUID, UUID]]:
    """Workspace and team wherever something waits and somebody could take it now. Needs `across_tenants`."""
    statement = select(Team.workspace_id, Team.id).where(
        Team.assignment != "none", _has_queue(), _has_free_hands(now())
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def locked_candidates(team_id: UUID) -> list[Candidate]:
    """Everybody in a team. Their memberships are locked, in one order, so that no other team counts them meanwhile."""
    rows = db.session.scalars(
        select(TeamMember)
        .join(TeamMember.membership)
        .where(TeamMember.team_id == team_id)
        .options(joinedload(TeamMember.membership, innerjoin=True).joinedload(Membership.user, innerjoin=True))
        .order_by(TeamMember.user_id)
        .with_for_update(key_share=True, of=Membership)
        .execution_options(populate_existing=True)
    ).all()
    loads = loads_of([row.user_id for row in rows])
    return [Candidate(row, row.membership, loads.get(row.user_id, 0)) for row in rows]


def loads_of(user_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many open conversations these members have; those with none are left out."""
    rows = db.session.execute(
        select(Conversation.assignee_id, func.count())
        .where(Conversation.assignee_id.in_(user_ids), Conversation.status == "open")
        .group_by(Conversation.assignee_id)
    )
    return {user_id: count for user_id, count in rows if user_id}


def _has_queue() -> ColumnElement[bool]:
    queue = select(Conversation.id).where(
        Conversation.workspace_id == Team.workspace_id, Conversation.team_id == Team.id, _WAITS
    )
    return queue.correlate(Team).exists()


def _has_free_hands(moment: datetime) -> ColumnElement[bool]:
    theirs = aliased(Conversation)
    load = select(func.count(theirs.id)).where(
        theirs.workspace_id == TeamMember.workspace_id,
        theirs.assignee_id == TeamMember.user_id,
        theirs.status == "open",
    )
    hands = (
        select(TeamMember.user_id)
        .join(TeamMember.membership)
        .where(
            TeamMember.workspace_id == Team.workspace_id,
            TeamMember.team_id == Team.id,
            or_(Team.only_online.is_(False), workspace_queries.is_online(moment)),
            or_(Team.capacity.is_(None), load.correlate(TeamMember).scalar_subquery() < Team.capacity),
        )
    )
    return hands.correlate(Team).exists()
