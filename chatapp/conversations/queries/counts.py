"""Numbers of conversations, and how far they have come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select, true

from chatapp.common.db import db
from chatapp.conversations.models import Conversation, ConversationLabel
from chatapp.conversations.queries.lists import COUNTED, conditions_of, label_view, team_view
from chatapp.conversations.visibility import desks_of
from chatapp.teams.models import Team

_ENOUGH_RESPONSES = 5
_MOST_WAITING = 50

COUNT_LIMIT = 1_000


def counts(me: UUID) -> dict[str, int]:
    """How many conversations each open view holds, counted up to `COUNT_LIMIT`, in one query."""
    row = db.session.execute(select(*(_count(view, me).label(view) for view in COUNTED))).one()
    return {view: row[number] for number, view in enumerate(COUNTED)}


def _count(view: str, me: UUID) -> ScalarSelect[int]:
    capped = select(Conversation.id).where(*conditions_of(view, me)).limit(COUNT_LIMIT).subquery()
    return select(func.count()).select_from(capped).scalar_subquery()


def counts_of_teams() -> dict[str, int]:
    """How many conversations the view of each team holds, counted like `counts`."""
    rows = (
        select(Conversation.id)
        .where(Conversation.team_id == Team.id, Conversation.status == "open")
        .limit(COUNT_LIMIT)
        .lateral()
    )
    statement = select(Team.id, func.count(rows.c.id)).join(rows, true(), isouter=True).group_by(Team.id)
    return {team_view(row[0]): row[1] for row in db.session.execute(statement)}


def counts_of_labels() -> dict[str, int]:
    """How many conversations the view of each label holds, among the `COUNT_LIMIT` open ones that are latest."""
    latest = (
        select(Conversation.id)
        .where(Conversation.status == "open")
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(COUNT_LIMIT)
        .subquery()
    )
    rows = db.session.execute(
        select(ConversationLabel.label_id, func.count())
        .join(latest, latest.c.id == ConversationLabel.conversation_id)
        .group_by(ConversationLabel.label_id)
    )
    return {label_view(label_id): count for label_id, count in rows}


def open_counts() -> dict[UUID, int]:
    """How many conversations that are not closed each member has; those without any are left out."""
    rows = db.session.execute(
        select(Conversation.assignee_id, func.count())
        .where(Conversation.assignee_id.is_not(None), Conversation.status != "closed")
        .group_by(Conversation.assignee_id)
    )
    return {assignee_id: count for assignee_id, count in rows if assignee_id}


def open_counts_of_teams() -> dict[UUID, int]:
    """How many conversations that are not closed each team has; those without any are left out."""
    rows = db.session.execute(
        select(Conversation.team_id, func.count())
        .where(Conversation.team_id.is_not(None), Conversation.status != "closed")
        .group_by(Conversation.team_id)
    )
    return {team_id: count for team_id, count in rows if team_id}


@dataclass(frozen=True)
class Pulse:
    """Where a conversation or a workspace's inbox stands, for heartbeats; and on which desks the conversation lies."""

    last_seqs: dict[UUID, int]
    desks: dict[UUID, frozenset[str]]
    changed_at: dict[UUID, datetime]


def pulse(conversation_ids: Iterable[UUID], workspace_ids: Iterable[UUID]) -> Pulse:
    """The newest number of each conversation and the newest change in each workspace. Needs `across_tenants`."""
    columns = (Conversation.id, Conversation.last_seq, Conversation.assignee_id, Conversation.team_id)
    rows = db.session.execute(select(*columns).where(Conversation.id.in_(list(conversation_ids)))).all()
    changes = db.session.execute(
        select(Conversation.workspace_id, func.max(Conversation.changed_at))
        .where(Conversation.workspace_id.in_(list(workspace_ids)))
        .group_by(Conversation.workspace_id)
    )
    return Pulse(
        last_seqs={row.id: row.last_seq for row in rows},
        desks={row.id: frozenset(desk.key for desk in desks_of(row)) for row in rows},
        changed_at={row[0]: row[1] for row in changes},
    )


def waiting_before(conversation: Conversation) -> int | None:
    """How many visitors have waited for the same people, and for longer; at most `_MOST_WAITING`. None for a
    conversation that nobody waits in, or that somebody has answered or taken already."""
    is_new = conversation.first_response_at is None and conversation.assignee_id is None
    if not (is_new and conversation.is_open and conversation.waiting_since):
        return None
    before = (
        select(Conversation.id)
        .where(
            Conversation.status == "open",
            Conversation.waiting_since < conversation.waiting_since,
            Conversation.team_id.is_not_distinct_from(conversation.team_id),
            Conversation.project_id == conversation.project_id,
        )
        .limit(_MOST_WAITING)
    )
    return db.session.scalar(select(func.count()).select_from(before.subquery())) or 0


def typical_first_response(project_id: UUID, sample: int = 50) -> int | None:
    """The median of the latest first response times of a project, in seconds; None while they are too few to promise
    anything by."""
    latest = (
        select((Conversation.first_response_at - Conversation.created_at).label("pause"))
        .where(Conversation.project_id == project_id, Conversation.first_response_at.is_not(None))
        .order_by(Conversation.first_response_at.desc())
        .limit(sample)
        .subquery()
    )
    median = func.percentile_cont(0.5).within_group(func.extract("epoch", latest.c.pause))
    seconds, count = db.session.execute(select(median, func.count(latest.c.pause))).one()
    return None if count < _ENOUGH_RESPONSES else round(seconds)
