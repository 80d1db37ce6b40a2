"""Today at a glance: the figures of a workspace's home, and the conversations behind each of them."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_

from chatapp.common.db import db
from chatapp.common.pagination import Cursor, Page, cut
from chatapp.conversations.models import Conversation
from chatapp.conversations.queries import FOR_DISPLAY

FIGURES = ("new", "answered", "waiting")
"""Those whose conversations have a page here; open and unassigned ones are views of the inbox."""

PAGE_SIZE = 50
_IS_OPEN = Conversation.status == "open"
_IS_WAITING = and_(_IS_OPEN, Conversation.waiting_since.is_not(None))


@dataclass(frozen=True)
class Today:
    """`first_response` is the median of the first answers given today; None while there is none."""

    new: int
    answered: int
    first_response: timedelta | None
    open: int
    unassigned: int
    waiting_since: datetime | None

    @property
    def key(self) -> str:
        """One text for one state of the figures."""
        return "-".join(str(value) for value in astuple(self))


def today(start: datetime) -> Today:
    """The figures of the current workspace's day, which began at `start`, in one query."""
    is_new, is_answered = _of_day(start)
    pause = func.extract("epoch", Conversation.first_response_at - Conversation.created_at)
    row = db.session.execute(
        select(
            func.count().filter(is_new),
            func.count().filter(is_answered),
            func.percentile_cont(0.5).within_group(pause).filter(is_answered),
            func.count().filter(_IS_OPEN),
            func.count().filter(_IS_OPEN, Conversation.assignee_id.is_(None)),
            func.min(Conversation.waiting_since).filter(_IS_WAITING),
        )
        .select_from(Conversation)
        .where(or_(is_new, is_answered, _IS_OPEN))
    ).one()
    seconds: Any = row[2]
    return Today(row[0], row[1], None if seconds is None else timedelta(seconds=round(seconds)), row[3], row[4], row[5])


def behind(figure: str, start: datetime, *, cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[Conversation]:
    """A page of the conversations that one of `FIGURES` counts, ready to be shown: the longest wait first, else the
    latest."""
    is_new, is_answered = _of_day(start)
    wanted: dict[str, tuple[ColumnElement[bool], Any]] = {
        "new": (is_new, Conversation.created_at),
        "answered": (is_answered, Conversation.first_response_at),
        "waiting": (_IS_WAITING, Conversation.waiting_since),
    }
    condition, moment = wanted[figure]
    place, is_ascending = tuple_(moment, Conversation.id), figure == "waiting"
    statement = select(Conversation).where(condition).options(*FOR_DISPLAY).limit(limit + 1)
    if cursor:
        last = Cursor.decode(cursor)
        before = tuple_(last.moment, last.id)
        statement = statement.where(place > before if is_ascending else place < before)
    order = (moment, Conversation.id) if is_ascending else (moment.desc(), Conversation.id.desc())
    rows = db.session.scalars(statement.order_by(*order)).all()
    return cut(rows, limit, lambda row: Cursor(getattr(row, moment.key), row.id))


def _of_day(start: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Conversation.created_at >= start, Conversation.first_response_at >= start


def has_talked() -> bool:
    """Whether anybody has ever written to the current workspace."""
    return db.session.scalar(select(Conversation.id).limit(1)) is not None
