"""Reads about scheduled replies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.messages.models import Message
from chatapp.scheduled.models import ScheduledReply
from chatapp.workspaces.models import Workspace


def waiting(conversation_id: UUID) -> Sequence[ScheduledReply]:
    """What waits in a conversation, the next one first."""
    mine = select(ScheduledReply).where(ScheduledReply.conversation_id == conversation_id)
    return db.session.scalars(mine.order_by(ScheduledReply.send_at, ScheduledReply.id)).all()


def scheduled_reply(reply_id: UUID, conversation_id: UUID) -> ScheduledReply:
    """One that waits in this conversation, as it is now. Raises `AppError` 404."""
    mine = (ScheduledReply.id == reply_id, ScheduledReply.conversation_id == conversation_id)
    statement = select(ScheduledReply).where(*mine).execution_options(populate_existing=True)
    found: ScheduledReply | None = db.session.scalar(statement)
    if found is None:
        raise not_found()
    return found


def by_client_id(conversation_id: UUID, client_id: UUID) -> ScheduledReply | None:
    mine = (ScheduledReply.conversation_id == conversation_id, ScheduledReply.client_id == client_id)
    return db.session.scalar(select(ScheduledReply).where(*mine))


def conversation_of(reply_id: UUID) -> UUID | None:
    """Where it waits, if it still does."""
    return db.session.scalar(select(ScheduledReply.conversation_id).where(ScheduledReply.id == reply_id))


def to_look_at(at: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Workspaces and replies whose moment has come, or whose visitor has answered first: the longest due first. Needs
    `across_tenants`."""
    statement = (
        select(ScheduledReply.workspace_id, ScheduledReply.id)
        .join(Workspace, Workspace.id == ScheduledReply.workspace_id)
        .where(
            ScheduledReply.held.is_(None),
            Workspace.closed_at.is_(None),
            Workspace.suspended_at.is_(None),
            or_(ScheduledReply.send_at <= at, ScheduledReply.only_if_silent & _is_answered()),
        )
        .order_by(ScheduledReply.send_at)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def is_answered(reply: ScheduledReply) -> bool:
    """Whether the visitor has said something since it was written."""
    return bool(db.session.scalar(select(ScheduledReply.id).where(ScheduledReply.id == reply.id, _is_answered())))


def _is_answered() -> ColumnElement[bool]:
    return (
        select(Message.id)
        .where(
            Message.workspace_id == ScheduledReply.workspace_id,
            Message.conversation_id == ScheduledReply.conversation_id,
            Message.seq > ScheduledReply.seen_seq,
            Message.author_type == "visitor",
            Message.kind == "reply",
        )
        .correlate(ScheduledReply)
        .exists()
    )
