"""Lists of conversations: the views of the inbox, and what programs filter by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import EllipsisType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, tuple_

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.pagination import Cursor, Page, cut
from chatapp.conversations.models import PRIORITIES, Conversation, ConversationLabel, Mention, Participant
from chatapp.conversations.queries.single import FOR_DISPLAY
from chatapp.teams.models import TeamMember

PAGE_SIZE = 30
VIEWS = ("mine", "unassigned", "unattended", "mentions", "participating", "all", "due", "pending", "snoozed", "closed")
COUNTED = VIEWS[:-1]
"""The views whose number is told. What is closed only grows."""

TEAM_VIEW, LABEL_VIEW = "team:", "label:"


RESTING = ("pending", "snoozed", "closed")
"""The views of what is not open: nobody waits there, and nothing is due."""


@dataclass(frozen=True)
class Stretch:
    """A part of a list, sorted by one of a conversation's moments, the latest or the earliest first, and then by key.

    It holds what has that moment; `without` leaves out what has another, `priority` whatever has not this one.
    """

    moment: str
    is_descending: bool = False
    without: str | None = None
    priority: int | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        moment = _column(self.moment)
        held = [moment.is_not(None)] if moment.nullable else []
        held += [_column(self.without).is_(None)] if self.without else []
        return held if self.priority is None else [*held, Conversation.priority == self.priority]

    def after(self, place: Cursor) -> ColumnElement[bool]:
        here, there = tuple_(_column(self.moment), Conversation.id), tuple_(place.moment, place.id)
        return here < there if self.is_descending else here > there

    def clauses(self) -> Sequence[Any]:
        columns = (_column(self.moment), Conversation.id)
        return [column.desc() for column in columns] if self.is_descending else columns


def _column(name: str) -> Any:
    return getattr(Conversation, name)


_LATEST = Stretch("last_message_at", is_descending=True)
ORDERS: Mapping[str, Sequence[Stretch]] = {
    "activity": (_LATEST,),
    "newest": (Stretch("created_at", is_descending=True),),
    "oldest": (Stretch("created_at"),),
    "waiting": (Stretch("waiting_since"), replace(_LATEST, without="waiting_since")),
    "priority": tuple(replace(_LATEST, priority=place) for place in reversed(range(len(PRIORITIES)))),
    "due": (Stretch("sla_due_at"), replace(_LATEST, without="sla_due_at")),
}
"""The stretches of each order, one after the other: an index leads through each of them, however deep the page."""


def team_view(team_id: UUID) -> str:
    """The view of what a team has."""
    return f"{TEAM_VIEW}{team_id}"


def team_of(view: str) -> UUID | None:
    """The team that a view is about; None for the others. Raises `AppError` 404 for one that names nothing."""
    return _named(view, TEAM_VIEW)


def label_view(label_id: UUID) -> str:
    """The view of what has a label."""
    return f"{LABEL_VIEW}{label_id}"


def label_of_view(view: str) -> UUID | None:
    """The label that a view is about; None for the others. Raises `AppError` 404 for one that names nothing."""
    return _named(view, LABEL_VIEW)


def _named(view: str, kind: str) -> UUID | None:
    if not view.startswith(kind):
        return None
    try:
        return UUID(view.removeprefix(kind))
    except ValueError:
        raise not_found() from None


def orders_of(view: str) -> Sequence[str]:
    """The names of the orders in which a view may be seen, its own first. What is due comes as it is due."""
    if view == "due":
        return ["due"]
    own = "waiting" if view == "unattended" else "activity"
    offered = [name for name in ORDERS if view not in RESTING or name not in ("waiting", "due")]
    return sorted(offered, key=lambda name: name != own)


def order_of(view: str, wanted: str | None) -> str:
    """The wanted order, where the view may be seen in it; else its own."""
    offered = orders_of(view)
    return wanted if wanted and wanted in offered else offered[0]


def page_of(
    view: str, *, me: UUID, order: str | None = None, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Conversation]:
    """A page of one of `VIEWS`, of a team's view or of a label's, in one of `ORDERS` or in its own order."""
    name = order_of(view, order)
    is_whole = (view, name) in (("due", "due"), ("unattended", "waiting"))  # then the first stretch is all there is
    return _page(conditions_of(view, me), ORDERS[name][:1] if is_whole else ORDERS[name], cursor, limit)


def page_matching(
    criterion: ColumnElement[bool], *, order: str, cursor: str | None, limit: int = PAGE_SIZE
) -> Page[Conversation]:
    """What fulfils a criterion, in one of `ORDERS`."""
    return _page([criterion], ORDERS[order], cursor, limit)


def page_where(
    *,
    status: str | None,
    assignee_id: UUID | EllipsisType | None = ...,
    team_id: UUID | None = None,
    label_id: UUID | None = None,
    cursor: str | None,
    limit: int,
) -> Page[Conversation]:
    """What `conditions_where` says, latest activity first."""
    conditions = conditions_where(status=status, assignee_id=assignee_id, team_id=team_id, label_id=label_id)
    return _page(conditions, ORDERS["activity"], cursor, limit)


def conditions_where(
    *,
    status: str | None,
    assignee_id: UUID | EllipsisType | None = ...,
    team_id: UUID | None = None,
    label_id: UUID | None = None,
) -> list[ColumnElement[bool]]:
    """`assignee_id` is a user, None for nobody, or left out for anybody; no status, team or label: any."""
    conditions: list[ColumnElement[bool]] = [] if status is None else [Conversation.status == status]
    if not isinstance(assignee_id, EllipsisType):
        conditions.append(Conversation.assignee_id == assignee_id)
    if team_id is not None:
        conditions.append(Conversation.team_id == team_id)
    if label_id is not None:
        conditions.append(_has_label(label_id))
    return conditions


def conditions_of(view: str, me: UUID) -> list[ColumnElement[bool]]:
    """What a view holds."""
    if view in RESTING:
        return [Conversation.status == view]
    if view == "mentions":
        return [Conversation.status != "closed", _calls(me)]
    conditions: list[ColumnElement[bool]] = [Conversation.status == "open"]
    if view == "mine":
        conditions.append(Conversation.assignee_id == me)
    elif view == "unattended":
        conditions.append(Conversation.waiting_since.is_not(None))
    elif view == "participating":
        conditions.append(_is_followed_by(me))
    elif view == "due":
        conditions.append(Conversation.sla_due_at.is_not(None))
    elif view == "unassigned":
        conditions.append(Conversation.assignee_id.is_(None))
    elif team_id := team_of(view):
        conditions.append(Conversation.team_id == team_id)
    elif label_id := label_of_view(view):
        conditions.append(_has_label(label_id))
    return conditions


def _calls(me: UUID) -> ColumnElement[bool]:
    """A note calls this member, or a team that they are in."""
    my_teams = select(TeamMember.team_id).where(TeamMember.user_id == me)
    calls = or_(Mention.user_id == me, Mention.team_id.in_(my_teams))
    return Conversation.id.in_(select(Mention.conversation_id).where(calls))


def _is_followed_by(me: UUID) -> ColumnElement[bool]:
    return Conversation.id.in_(select(Participant.conversation_id).where(Participant.user_id == me))


def _has_label(label_id: UUID) -> ColumnElement[bool]:
    return Conversation.id.in_(select(ConversationLabel.conversation_id).where(ConversationLabel.label_id == label_id))


def _page(
    conditions: Sequence[ColumnElement[bool]], stretches: Sequence[Stretch], cursor: str | None, limit: int
) -> Page[Conversation]:
    """Raises `AppError` 400 for a damaged cursor."""
    place = Cursor.decode(cursor) if cursor else None
    rows: list[Conversation] = []
    places: dict[UUID, Cursor] = {}
    for number, stretch in enumerate(stretches):
        if place is not None and number < place.stretch:
            continue
        behind = [stretch.after(place)] if place is not None and number == place.stretch else []
        statement = select(Conversation).where(*conditions, *stretch.conditions, *behind).options(*FOR_DISPLAY)
        found = db.session.scalars(statement.order_by(*stretch.clauses()).limit(limit + 1 - len(rows))).all()
        places |= {row.id: Cursor(getattr(row, stretch.moment), row.id, number) for row in found}
        rows += found
        if len(rows) > limit:
            break
    return cut(rows, limit, lambda row: places[row.id])
