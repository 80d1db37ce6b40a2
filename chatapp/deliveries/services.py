"""Have dead deliveries tried again, or give them up. The clock rings for what is tried again within a second."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from chatapp.auth.models import User
from chatapp.common import audit
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.outbox import DISCARDED, OutboxDelivery, again
from chatapp.deliveries.words import words_of


def retry(delivery: OutboxDelivery, *, by: User) -> None:
    _become(delivery, again(now()))
    audit.record("delivery.retried", by=by, target_id=delivery.id, target_name=words_of(delivery.handler))


def discard(delivery: OutboxDelivery, *, by: User) -> None:
    _become(delivery, DISCARDED)
    audit.record("delivery.discarded", by=by, target_id=delivery.id, target_name=words_of(delivery.handler))


def retry_all(*, by: User) -> int:
    """All of the current workspace; returns how many."""
    return _decide(again(now()), "delivery.retried", by)


def discard_all(*, by: User) -> int:
    """All of the current workspace; returns how many."""
    return _decide(DISCARDED, "delivery.discarded", by)


def _become(delivery: OutboxDelivery, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(delivery, name, value)


def _decide(values: dict[str, Any], action: str, by: User) -> int:
    statement = update(OutboxDelivery).where(OutboxDelivery.state == "dead").values(**values)
    count = len(db.session.scalars(statement.returning(OutboxDelivery.id)).all())
    if count:
        audit.record(action, by=by, changes={"count": (None, count)})
    return count
