"""How well targets were kept: counts of the last days, and the clocks behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import joinedload

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.pagination import Cursor, Page, cut
from chatapp.conversations.models import Conversation
from chatapp.sla.models import SlaClock

DAYS = 30
PAGE_SIZE = 50
OUTCOMES = ("met", "breached", "running")
"""The rest was let go: the conversation was closed before an answer was due."""


@dataclass(frozen=True)
class Figures:
    """How many clocks of a policy and kind were kept, were missed, or run."""

    met: int
    breached: int
    running: int

    @property
    def percent(self) -> int | None:
        """How many of those that are decided were kept; None before any is."""
        decided = self.met + self.breached
        return self.met * 100 // decided if decided else None


def figures() -> Mapping[tuple[UUID, str], Figures]:
    """By policy and kind, of the clocks that began in the last `DAYS` days in the current workspace."""
    counts = [func.count().filter(_is(outcome)) for outcome in OUTCOMES]
    rows = db.session.execute(
        select(SlaClock.policy_id, SlaClock.kind, *counts)
        .where(SlaClock.policy_id.is_not(None), SlaClock.started_at > now() - timedelta(days=DAYS))
        .group_by(SlaClock.policy_id, SlaClock.kind)
    )
    return {(row[0], row[1]): Figures(row[2], row[3], row[4]) for row in rows if row[0]}


def clocks(policy_id: UUID, *, kind: str, outcome: str, cursor: str | None) -> Page[SlaClock]:
    """Those that a number of `figures` counts, latest first, with their conversation's contact."""
    conversation = joinedload(SlaClock.conversation, innerjoin=True)
    statement = (
        select(SlaClock)
        .where(
            SlaClock.policy_id == policy_id,
            SlaClock.kind == kind,
            SlaClock.started_at > now() - timedelta(days=DAYS),
            _is(outcome),
        )
        .options(
            conversation.joinedload(Conversation.end_user, innerjoin=True),
            conversation.joinedload(Conversation.project, innerjoin=True),
        )
        .order_by(SlaClock.started_at.desc(), SlaClock.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if cursor:
        place = Cursor.decode(cursor)
        statement = statement.where(tuple_(SlaClock.started_at, SlaClock.id) < tuple_(place.moment, place.id))
    rows: Sequence[SlaClock] = db.session.scalars(statement).all()
    return cut(rows, PAGE_SIZE, lambda row: Cursor(row.started_at, row.id))


def _is(outcome: str) -> ColumnElement[bool]:
    if outcome == "met":
        return SlaClock.met_at.is_not(None)
    if outcome == "breached":
        return SlaClock.breached_at.is_not(None)
    return SlaClock.ended_at.is_(None) & SlaClock.breached_at.is_(None)
