"""What saved views of conversations hold. Whatever they say, a member finds only what their sight covers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, func, select, true
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased

from chatapp.common.conditions import Group, criterion
from chatapp.common.db import db
from chatapp.common.pagination import Page
from chatapp.conversations import queries as conversations
from chatapp.conversations.models import STATUSES, Conversation
from chatapp.saved_views.fields.attributes import is_asked_for
from chatapp.saved_views.fields.conversations import fields, statuses_of
from chatapp.saved_views.models import SavedView

WINDOW = 2_000
"""How many conversations of each status are looked at for a number: the latest ones. Whatever a company has gathered in
years, numbers cost the same; one that may be too small says so."""

MOST = 99
_ONLY_OPEN = ("waiting", "due")
"""Orders for what is open: nobody waits elsewhere, and nothing is due."""


def orders_of(group: Group) -> list[str]:
    """In which orders the rows of such a view may stand."""
    is_open = statuses_of(group) == ["open"]
    return [order for order in conversations.ORDERS if is_open or order not in _ONLY_OPEN]


def order_of(view: SavedView) -> str:
    """The order it is kept with, as long as its conditions allow that."""
    return view.sort if view.sort in orders_of(view.group) else "activity"


def drifts(view: SavedView) -> bool:
    """Whether rows come into it and leave it as time goes by, without anything happening."""
    return any(rule.field in ("created", "activity") for rule in view.group.rules)


def page(view: SavedView, *, me: UUID, cursor: str | None = None) -> Page[Conversation]:
    """Its rows. Raises `AppError` 400 for a damaged cursor."""
    return conversations.page_matching(holds(view, me=me), order=order_of(view), cursor=cursor)


def holds(view: SavedView, *, me: UUID) -> ColumnElement[bool]:
    """Whether a conversation is in it."""
    return criterion(view.group, fields(me, with_attributes=is_asked_for([view.group])))


def those_in(view: SavedView, ids: Collection[UUID], *, me: UUID) -> Sequence[Conversation]:
    """Which of these conversations it holds now, ready to be shown."""
    wanted = (Conversation.id.in_(ids), holds(view, me=me))
    return db.session.scalars(select(Conversation).where(*wanted).options(*conversations.FOR_DISPLAY)).all()


def counts(groups: Sequence[Group], *, me: UUID) -> list[str]:
    """How many conversations fulfil each of these, in words: "99+" for many, and "7+" for at least seven, when older
    ones were not looked at. One query, however many there are."""
    wanted = [statuses_of(group) for group in groups]
    looked_at = [status for status in STATUSES if any(status in each for each in wanted)]
    if not looked_at:
        return ["0" for _group in groups]
    row = aliased(Conversation, _window(looked_at))
    asked = fields(me, of=row, with_attributes=is_asked_for(groups))
    numbers = [func.count().filter(criterion(group, asked)) for group in groups]
    sizes = [func.count().filter(row.status == status) for status in looked_at]
    # From the row itself, not only from numbers: else the session would not know that its fences are meant.
    found = db.session.execute(select(*numbers, *sizes).select_from(row)).one()
    full = {status for status, size in zip(looked_at, found[len(groups) :], strict=True) if size >= WINDOW}
    return [_words(number, not full.isdisjoint(of)) for number, of in zip(found, wanted, strict=False)]


def _words(number: int, is_least: bool) -> str:
    return f"{MOST}+" if number > MOST else f"{number}+" if is_least else str(number)


def _window(statuses: Sequence[str]) -> Subquery:
    """The latest of each status: an index leads to them."""
    each = func.unnest(array(statuses)).table_valued("status", name="each").render_derived()
    order = (Conversation.last_message_at.desc(), Conversation.id.desc())
    latest = select(*_COLUMNS).where(Conversation.status == each.c.status).order_by(*order).limit(WINDOW).lateral()
    return select(latest).select_from(each).join(latest, true()).subquery()


_COLUMNS = (
    Conversation.id,
    Conversation.workspace_id,
    Conversation.status,
    Conversation.assignee_id,
    Conversation.team_id,
    Conversation.project_id,
    Conversation.end_user_id,
    Conversation.channel_kind,
    Conversation.priority,
    Conversation.created_at,
    Conversation.last_message_at,
    Conversation.waiting_since,
    Conversation.sla_due_at,
    Conversation.unread_count,
    Conversation.deleted_at,
    Conversation.attributes,
)
"""Everything that a field may ask, and a fence."""
