"""Reads about policies and clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.messages.models import Message
from chatapp.sla.models import SlaClock, SlaCursor, SlaPolicy

MOST_MESSAGES = 500


def policies() -> Sequence[SlaPolicy]:
    """Those of the current workspace with their hours, in the order in which they are tried."""
    return db.session.scalars(
        select(SlaPolicy)
        .options(joinedload(SlaPolicy.hours))
        .order_by(SlaPolicy.is_default, SlaPolicy.position, SlaPolicy.id)
    ).all()


def has_policies() -> bool:
    return db.session.scalar(select(SlaPolicy.id).limit(1)) is not None


def policy(policy_id: UUID) -> SlaPolicy:
    """One of the current workspace, with its hours. Raises `AppError` 404."""
    found = db.session.scalar(select(SlaPolicy).where(SlaPolicy.id == policy_id).options(joinedload(SlaPolicy.hours)))
    if found is None:
        raise not_found()
    return found


def default_policy() -> SlaPolicy | None:
    return db.session.scalar(select(SlaPolicy).where(SlaPolicy.is_default))


def last_position() -> int:
    return db.session.scalar(select(func.max(SlaPolicy.position))) or 0


def cursor(conversation_id: UUID) -> SlaCursor | None:
    return db.session.scalar(select(SlaCursor).where(SlaCursor.conversation_id == conversation_id))


def running(conversation_id: UUID) -> Sequence[SlaClock]:
    """A conversation's clocks that have not ended."""
    return db.session.scalars(
        select(SlaClock).where(SlaClock.conversation_id == conversation_id, SlaClock.ended_at.is_(None))
    ).all()


def touched_since(conversation_id: UUID, moment: datetime) -> Sequence[SlaClock]:
    """A conversation's clocks that began, ended or came to a stop since then."""
    since = (SlaClock.started_at >= moment, SlaClock.ended_at >= moment, SlaClock.paused_at >= moment)
    return db.session.scalars(select(SlaClock).where(SlaClock.conversation_id == conversation_id, or_(*since))).all()


def was_answered(conversation_id: UUID, *, at: datetime) -> bool:
    """Whether an agent had answered by then, since the conversation was last closed, or ever."""
    marks = or_(
        (Message.kind == "reply") & (Message.author_type == "agent"), Message.activity["name"].astext == "closed"
    )
    last = select(Message.kind).where(Message.conversation_id == conversation_id, Message.created_at < at, marks)
    return db.session.scalar(last.order_by(Message.seq.desc()).limit(1)) == "reply"


def messages_above(conversation_id: UUID, seq: int) -> Sequence[Message]:
    """What came after a place in the thread, in order; at most `MOST_MESSAGES`."""
    return db.session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq > seq)
        .order_by(Message.seq)
        .limit(MOST_MESSAGES)
    ).all()


def due(at: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Workspaces and conversations with something to warn of or to call late. Needs `across_tenants`."""
    late = SlaClock.due_at < at
    soon = SlaClock.warned_at.is_(None) & (SlaClock.warn_at <= at)
    statement = (
        select(SlaClock.workspace_id, SlaClock.conversation_id)
        .where(
            SlaClock.ended_at.is_(None), SlaClock.breached_at.is_(None), SlaClock.paused_at.is_(None), or_(late, soon)
        )
        .distinct()
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]
