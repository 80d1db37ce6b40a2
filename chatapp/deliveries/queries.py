"""Reads about the deliveries of the current workspace that died."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.outbox import OutboxDelivery
from chatapp.common.pagination import Cursor, Page, cut

PAGE_SIZE = 50


def dead(*, cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[OutboxDelivery]:
    """A page with their events, latest first."""
    statement = (
        select(OutboxDelivery)
        .where(OutboxDelivery.state == "dead")
        .options(joinedload(OutboxDelivery.event, innerjoin=True))
        .order_by(OutboxDelivery.created_at.desc(), OutboxDelivery.id.desc())
        .limit(limit + 1)
    )
    if cursor:
        place = Cursor.decode(cursor)
        key = tuple_(OutboxDelivery.created_at, OutboxDelivery.id)
        statement = statement.where(key < tuple_(place.moment, place.id))
    return cut(db.session.scalars(statement).all(), limit, lambda row: Cursor(row.created_at, row.id))


def dead_one(delivery_id: UUID) -> OutboxDelivery:
    """One of them, locked. Raises `AppError` 404, also when somebody else has decided about it."""
    found = db.session.scalar(
        select(OutboxDelivery)
        .where(OutboxDelivery.id == delivery_id, OutboxDelivery.state == "dead")
        .with_for_update(of=OutboxDelivery)
    )
    if found is None:
        raise not_found()
    return found
