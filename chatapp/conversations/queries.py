"""Reads about conversations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import EllipsisType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import joinedload

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.pagination import Cursor, Page, cut
from chatapp.conversations.models import Conversation

PAGE_SIZE = 30
VIEWS = ("mine", "unassigned", "all", "closed")
COUNT_LIMIT = 1_000
FOR_DISPLAY = (
    joinedload(Conversation.end_user, innerjoin=True),
    joinedload(Conversation.project, innerjoin=True),
    joinedload(Conversation.assignee),
    joinedload(Conversation.workspace, innerjoin=True),
)


def conversation(conversation_id: UUID) -> Conversation:
    """A conversation of the current workspace, ready to be shown. Raises `AppError` 404."""
    found = db.session.scalar(select(Conversation).where(Conversation.id == conversation_id).options(*FOR_DISPLAY))
    if found is None:
        raise not_found()
    return found


def locked(conversation_id: UUID) -> Conversation:
    """The conversation with its row locked, fresh from the database. Whoever writes in it starts here."""
    return db.session.scalars(_locking(select(Conversation).where(Conversation.id == conversation_id))).one()


def conversation_of_visitor(conversation_id: UUID, end_user_id: UUID, *, lock: bool = False) -> Conversation:
    """A visitor's own conversation, locked if asked. Raises `AppError` 404 for anybody else's."""
    statement = select(Conversation).where(Conversation.id == conversation_id, Conversation.end_user_id == end_user_id)
    found = db.session.scalar(_locking(statement) if lock else statement)
    if found is None:
        raise not_found()
    return found


def conversations_of_visitor(end_user_id: UUID, limit: int = 20) -> Sequence[Conversation]:
    """A visitor's conversations, latest first."""
    return db.session.scalars(
        select(Conversation)
        .where(Conversation.end_user_id == end_user_id)
        .options(joinedload(Conversation.assignee))
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(limit)
    ).all()


def page_of(view: str, *, me: UUID, cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[Conversation]:
    """A page of one of `VIEWS`, latest activity first."""
    return _page(_conditions(view, me), cursor, limit)


def page_where(
    *, status: str | None, assignee: UUID | EllipsisType | None = ..., cursor: str | None, limit: int
) -> Page[Conversation]:
    """Latest activity first. `assignee` is a user, None for nobody, or left out for anybody."""
    conditions: list[ColumnElement[bool]] = [] if status is None else [Conversation.status == status]
    if not isinstance(assignee, EllipsisType):
        conditions.append(Conversation.assignee_id == assignee)
    return _page(conditions, cursor, limit)


def counts(me: UUID) -> dict[str, int]:
    """How many conversations each open view holds, counted up to `COUNT_LIMIT`."""
    return {view: _count(_conditions(view, me)) for view in ("mine", "unassigned", "all")}


def open_counts() -> dict[UUID, int]:
    """How many conversations that are not closed each member has; those without any are left out."""
    rows = db.session.execute(
        select(Conversation.assignee_id, func.count())
        .where(Conversation.assignee_id.is_not(None), Conversation.status != "closed")
        .group_by(Conversation.assignee_id)
    )
    return {assignee_id: count for assignee_id, count in rows if assignee_id}


def open_conversations_of(user_id: UUID) -> Sequence[Conversation]:
    """What a member has that is not closed, oldest first: whoever locks several does so in one order."""
    return db.session.scalars(
        select(Conversation)
        .where(Conversation.assignee_id == user_id, Conversation.status != "closed")
        .order_by(Conversation.id)
    ).all()


def cursor_of(row: Conversation) -> Cursor:
    return Cursor(row.last_message_at, row.id)


@dataclass(frozen=True)
class Pulse:
    """Where a conversation or a workspace's inbox stands, for heartbeats."""

    last_seqs: dict[UUID, int]
    changed_at: dict[UUID, datetime]


def pulse(conversation_ids: Iterable[UUID], workspace_ids: Iterable[UUID]) -> Pulse:
    """The newest number of each conversation and the newest change in each workspace. Needs `across_tenants`."""
    seqs = db.session.execute(
        select(Conversation.id, Conversation.last_seq).where(Conversation.id.in_(list(conversation_ids)))
    )
    changes = db.session.execute(
        select(Conversation.workspace_id, func.max(Conversation.changed_at))
        .where(Conversation.workspace_id.in_(list(workspace_ids)))
        .group_by(Conversation.workspace_id)
    )
    return Pulse({row[0]: row[1] for row in seqs}, {row[0]: row[1] for row in changes})


def typical_first_response(project_id: UUID, sample: int = 50) -> int | None:
    """The median of the latest first response times of a project, in seconds."""
    latest = (
        select((Conversation.first_response_at - Conversation.created_at).label("pause"))
        .where(Conversation.project_id == project_id, Conversation.first_response_at.is_not(None))
        .order_by(Conversation.first_response_at.desc())
        .limit(sample)
        .subquery()
    )
    median = func.percentile_cont(0.5).within_group(func.extract("epoch", latest.c.pause))
    seconds = db.session.scalar(select(median))
    return None if seconds is None else round(seconds)


def _page(conditions: Sequence[ColumnElement[bool]], cursor: str | None, limit: int) -> Page[Conversation]:
    statement = (
        select(Conversation)
        .where(*conditions)
        .options(*FOR_DISPLAY)
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(limit + 1)
    )
    rows: Sequence[Conversation] = db.session.scalars(_after(statement, cursor)).all()
    return cut(rows, limit, cursor_of)


def _locking(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update().execution_options(populate_existing=True)


def _conditions(view: str, me: UUID) -> list[ColumnElement[bool]]:
    if view == "closed":
        return [Conversation.status == "closed"]
    conditions: list[ColumnElement[bool]] = [Conversation.status == "open"]
    if view == "mine":
        conditions.append(Conversation.assignee_id == me)
    elif view == "unassigned":
        conditions.append(Conversation.assignee_id.is_(None))
    return conditions


def _after(statement: Select[Any], cursor: str | None) -> Select[Any]:
    if not cursor:
        return statement
    place = Cursor.decode(cursor)
    return statement.where(tuple_(Conversation.last_message_at, Conversation.id) < tuple_(place.moment, place.id))


def _count(conditions: list[ColumnElement[bool]]) -> int:
    capped = select(Conversation.id).where(*conditions).limit(COUNT_LIMIT).subquery()
    return db.session.scalar(select(func.count()).select_from(capped)) or 0
