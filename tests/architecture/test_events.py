"""Every event is in the table of subscriptions, if only with nobody behind it."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import get_type_hints
from uuid import UUID

from chatapp.app import create_app
from chatapp.common.events import Event, handler_name
from chatapp.deliveries.words import HANDLERS
from chatapp.subscriptions import SUBSCRIPTIONS

assert create_app  # importing the application imports every domain


def unknown_events() -> list[str]:
    """Events that nobody put into the table: emitting one would fail."""
    known = {event.__name__ for event in SUBSCRIPTIONS}
    return [
        name for name, event in Event.registry.items() if event.__module__.startswith("chatapp.") and name not in known
    ]


def test_every_event_is_in_the_table() -> None:
    assert len(Event.registry) >= 6
    assert unknown_events() == []


def test_an_event_outside_the_table_is_found() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Forgotten(Event):
        pass

    try:
        Forgotten.__module__ = "chatapp.messages.events"
        assert unknown_events() == ["Forgotten"]
    finally:
        del Event.registry["Forgotten"]


def test_events_hold_ids_and_plain_values_only() -> None:
    plain = {UUID, datetime, str, int, bool, UUID | None, datetime | None, str | None, int | None}
    odd = [
        f"{event.__name__}.{item.name}"
        for event in SUBSCRIPTIONS
        for item in dataclasses.fields(event)
        if get_type_hints(event)[item.name] not in plain
    ]
    assert odd == []


def test_later_handlers_are_found_by_their_names() -> None:
    """A delivery row holds the name: two handlers must not share one, and a lambda has none that lasts."""
    later = [handler for subscription in SUBSCRIPTIONS.values() for handler in subscription.afterwards]
    names = {handler_name(handler) for handler in later}
    assert len(names) == len(set(later))
    assert not any("<" in name for name in names)


def test_what_can_fail_is_told_in_words() -> None:
    """In a workspace's list of delivery problems, and to operators."""
    later = {handler_name(handler) for subscription in SUBSCRIPTIONS.values() for handler in subscription.afterwards}
    assert later - HANDLERS.keys() == set()
