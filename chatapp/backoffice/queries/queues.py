"""Reads about what waits, what is being done, and what died: deliveries of every workspace, and letters.

Figures stop at `MOST` rows, so that the page opens when it is needed most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.outbox import OutboxDelivery
from chatapp.common.pagination import Cursor, Page, cut
from chatapp.common.postbox import OutgoingMail
from chatapp.common.tenancy import across_tenants

MOST = 10_000
PAGE_SIZE = 30


@dataclass(frozen=True)
class Kind:
    """One kind of delivery or letter. `oldest` is when the oldest of those that wait came."""

    name: str
    waiting: int
    leased: int
    dead: int
    oldest: datetime | None


def delivery_kinds() -> list[Kind]:
    """By handler."""
    with across_tenants(reason="the operator's view of the queues"):
        return _kinds(OutboxDelivery, OutboxDelivery.handler)


def letter_kinds() -> list[Kind]:
    return _kinds(OutgoingMail, OutgoingMail.kind)


def dead_deliveries(handler: str, *, cursor: str | None = None) -> Page[OutboxDelivery]:
    """A page with their events, latest first, of every workspace."""
    statement = (
        select(OutboxDelivery)
        .where(OutboxDelivery.state == "dead", OutboxDelivery.handler == handler)
        .options(joinedload(OutboxDelivery.event, innerjoin=True))
    )
    with across_tenants(reason="the operator's view of what died"):
        return _page(statement, OutboxDelivery, cursor)


def dead_letters(kind: str, *, cursor: str | None = None) -> Page[OutgoingMail]:
    """A page, latest first."""
    statement = select(OutgoingMail).where(OutgoingMail.state == "dead", OutgoingMail.kind == kind)
    return _page(statement, OutgoingMail, cursor)


def _kinds(model: Any, name: Any) -> list[Kind]:
    found: dict[str, dict[str, Any]] = {}
    for state in ("pending", "dead"):
        for kind, leased, count, oldest in db.session.execute(_counted(model, name, state)):
            is_leased = state == "pending" and leased
            figures = found.setdefault(kind, {"waiting": 0, "leased": 0, "dead": 0, "oldest": None})
            figures["leased" if is_leased else "dead" if state == "dead" else "waiting"] += count
            if state == "pending" and not is_leased:
                figures["oldest"] = oldest
    return [Kind(kind, **figures) for kind, figures in sorted(found.items())]


def _counted(model: Any, name: Any, state: str) -> Any:
    leased = func.coalesce(model.leased_until > now(), False)
    some = (
        select(name.label("kind"), leased.label("leased"), model.created_at.label("created_at"))
        .where(model.state == state)
        .limit(MOST)
        .subquery()
    )
    return select(some.c.kind, some.c.leased, func.count(), func.min(some.c.created_at)).group_by(
        some.c.kind, some.c.leased
    )


def _page(statement: Any, model: Any, cursor: str | None) -> Page[Any]:
    statement = statement.order_by(model.created_at.desc(), model.id.desc()).limit(PAGE_SIZE + 1)
    if cursor:
        place = Cursor.decode(cursor)
        statement = statement.where(tuple_(model.created_at, model.id) < tuple_(place.moment, place.id))
    rows: Sequence[Any] = db.session.scalars(statement).all()
    return cut(rows, PAGE_SIZE, lambda row: Cursor(row.created_at, row.id))
