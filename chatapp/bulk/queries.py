"""Reads about what is done to many conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import undefer

from chatapp.bulk.models import BulkRun
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.conversations.models import Conversation
from chatapp.workspaces.models import Membership

MOST = 10_000
_SHOWN_FOR = timedelta(minutes=10)


def ids_where(conditions: Sequence[ColumnElement[bool]]) -> Sequence[UUID]:
    """Everything that a view holds which means these conditions, up to `MOST`."""
    statement = select(Conversation.id).where(*conditions)
    return db.session.scalars(statement.order_by(Conversation.id).limit(MOST)).all()


def count_where(conditions: Sequence[ColumnElement[bool]]) -> int:
    """How many that are."""
    capped = select(Conversation.id).where(*conditions).limit(MOST).subquery()
    return db.session.scalar(select(func.count()).select_from(capped)) or 0


def run_of(member: Membership, run_id: UUID) -> BulkRun:
    """A run of this member's. Raises `AppError` 404 for those of others."""
    found = db.session.scalar(select(BulkRun).where(BulkRun.id == run_id, BulkRun.user_id == member.user_id))
    if found is None:
        raise not_found()
    return found


def run_to_show(member: Membership) -> BulkRun | None:
    """The latest that is under way, or has just ended and was not put aside."""
    news = (BulkRun.user_id == member.user_id, BulkRun.seen_at.is_(None), BulkRun.created_at > now() - 6 * _SHOWN_FOR)
    latest = db.session.scalar(select(BulkRun).where(*news).order_by(BulkRun.created_at.desc()).limit(1))
    is_over = latest is not None and latest.ended_at is not None and latest.ended_at < now() - _SHOWN_FOR
    return None if is_over else latest


def is_working(member: Membership) -> bool:
    """Whether a run of theirs is under way."""
    theirs = (BulkRun.user_id == member.user_id, BulkRun.ended_at.is_(None))
    return db.session.scalar(select(BulkRun.id).where(*theirs).limit(1)) is not None


def working_run(run_id: UUID) -> BulkRun | None:
    """The one that has not ended, with its conversations, locked: two workers do not do it at once."""
    statement = select(BulkRun).where(BulkRun.id == run_id, BulkRun.ended_at.is_(None))
    return db.session.scalar(statement.options(undefer(BulkRun.conversation_ids)).with_for_update())
