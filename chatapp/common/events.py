"""What happened, told to whoever cares.

A service calls `emit(MessageCreated(…))`: the event becomes an outbox row in the same transaction, with one delivery
row for each handler of the *later* lane. After the commit, `dispatch` runs the *now* lane in this process (realtime
only; a failure is logged, never shown to the sender) and rings the queue's doorbell for the *later* lane.
`chatapp/subscriptions.py` is the table of who listens.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, get_type_hints
from uuid import UUID

import structlog
from flask import Flask, current_app

from chatapp.common import queue
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxDelivery, OutboxEvent

log = structlog.get_logger()

_EXTENSION = "chatapp.subscriptions"
_EMITTED = "emitted_events"


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense: ids and plain values only, so that it survives as JSON.

    `actor` says who did it (`agent:<id>`, `visitor:<id>`, `system`); `cause` is the event that led to this one.
    """

    registry: ClassVar[dict[str, type[Event]]] = {}

    workspace_id: UUID
    id: UUID = field(default_factory=uuid7)
    occurred_at: datetime = field(default_factory=now)
    actor: str = "system"
    cause: UUID | None = None

    def __init_subclass__(cls) -> None:
        Event.registry[cls.__name__] = cls

    def payload(self) -> dict[str, Any]:
        """The event as JSON holds it."""
        values = ((item.name, getattr(self, item.name)) for item in dataclasses.fields(self))
        return {name: str(value) if isinstance(value, UUID | datetime) else value for name, value in values}

    @staticmethod
    def restore(name: str, payload: Mapping[str, Any]) -> Event:
        """The event that an outbox row holds."""
        event_type = Event.registry[name]
        hints = get_type_hints(event_type)
        return event_type(**{key: _typed(value, hints[key]) for key, value in payload.items()})


Handler = Callable[[Any], None]


@dataclass(frozen=True)
class Subscription:
    """Who hears of an event: `now` in this process after the commit, `later` each in a unit of work of its own.

    `outside` is like `later`, for handlers that wait for machines of others: they keep nothing else waiting.
    """

    now: Sequence[Handler] = ()
    later: Sequence[Handler] = ()
    outside: Sequence[Handler] = ()

    @property
    def afterwards(self) -> list[Handler]:
        """Every handler that has a delivery."""
        return [*self.later, *self.outside]


def register(app: Flask, table: Mapping[type[Event], Subscription]) -> None:
    """Install the table of subscriptions."""
    app.extensions[_EXTENSION] = dict(table)


def emit(event: Event) -> None:
    """Record an event in the current transaction. It goes out once that transaction has committed, and only then."""
    row = OutboxEvent(
        id=event.id,
        workspace_id=event.workspace_id,
        name=type(event).__name__,
        payload=event.payload(),
        created_at=event.occurred_at,
    )
    db.session.add(row)
    db.session.add_all(
        OutboxDelivery(workspace_id=event.workspace_id, event=row, handler=handler_name(handler))
        for handler in _subscription(type(event)).afterwards
    )
    note_emitted(event)


def as_rows(event: Event) -> dict[str, Any]:
    """What `emit` would write, as the values of a statement that writes it together with other rows."""
    handlers = [handler_name(handler) for handler in _subscription(type(event)).afterwards]
    return {
        "event_id": event.id,
        "name": type(event).__name__,
        "payload": event.payload(),
        "delivery_ids": [uuid7() for _handler in handlers],
        "handlers": handlers,
    }


def note_emitted(event: Event) -> None:
    """Let an event whose rows are written go out after the commit."""
    db.session().info.setdefault(_EMITTED, []).append(event)


def take_emitted() -> list[Event]:
    """What the current session has emitted and not yet handed over."""
    emitted: list[Event] = db.session().info.pop(_EMITTED, [])
    return emitted


def dispatch(emitted: Sequence[Event]) -> None:
    """After the commit: both lanes. Never raises, for the sender's work is already done and durable."""
    for event in emitted:
        for handler in _subscription(type(event)).now:
            try:
                handler(event)
            except Exception:
                log.exception("event.now_failed", event_name=type(event).__name__, handler=handler_name(handler))
                db.session.rollback()
    for workspace_id in {event.workspace_id for event in emitted if _subscription(type(event)).afterwards}:
        queue.ring(workspace_id)


def later_handler(name: str) -> Handler:
    """The handler that a delivery row names. Raises `LookupError` if no table entry has it any more."""
    for subscription in current_app.extensions[_EXTENSION].values():
        for handler in subscription.afterwards:
            if handler_name(handler) == name:
                found: Handler = handler
                return found
    raise LookupError(f"No subscription has a later handler named {name}.")


def outside_handlers() -> list[str]:
    """The names of those that wait for machines of others."""
    table: Mapping[type[Event], Subscription] = current_app.extensions[_EXTENSION]
    return [handler_name(handler) for subscription in table.values() for handler in subscription.outside]


def handler_name(handler: Handler) -> str:
    """`endusers.handlers.note_message`: stable while the function keeps its place."""
    return f"{handler.__module__.removeprefix('chatapp.')}.{handler.__qualname__}"


def _subscription(event_type: type[Event]) -> Subscription:
    found: Subscription = current_app.extensions[_EXTENSION][event_type]
    return found


def _typed(value: object, hint: object) -> Any:
    if value is None:
        return None
    if hint in (UUID, UUID | None):
        return UUID(str(value))
    if hint in (datetime, datetime | None):
        return datetime.fromisoformat(str(value))
    return value
