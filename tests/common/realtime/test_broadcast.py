"""What replaces itself is gathered: the first at once, then in batches, in a crowd once a second."""

from collections.abc import Callable
from uuid import UUID

import pytest

from chatapp.common.realtime import broadcast, topics

INBOX = topics.inbox(UUID(int=1), "en", "all")


class Clock:
    """Takes the place of `gevent.spawn_later`: what waits, and for how long, until `strike`."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Callable[[], object]]] = []

    def spawn_later(self, seconds: float, run: Callable[..., object], *args: object) -> None:
        self.waiting.append((seconds, lambda: run(*args)))

    def strike(self) -> float:
        """Let the time of what waits be over; how long it would have been."""
        [(seconds, run)], self.waiting = self.waiting, []
        run()
        return seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(broadcast.gevent, "spawn_later", clock.spawn_later)
    monkeypatch.setattr(broadcast.hub, "_loop", object())  # as in a process that serves sockets
    monkeypatch.setattr(broadcast, "_gathered", {})
    return clock


@pytest.fixture
def sent(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr(broadcast, "publish", lambda _topic, text: texts.append(text))
    return texts


def test_the_first_goes_out_at_once_and_the_latest_of_each_with_the_next(clock: Clock, sent: list[str]) -> None:
    for key, text in (("a", "a1"), ("b", "b1"), ("a", "a2"), ("b", "b2"), ("a", "a3")):
        broadcast.publish_latest(INBOX, key, text)
    assert sent == ["a1"]
    clock.strike()
    assert sent == ["a1", "b2a3"]
    clock.strike()
    assert clock.waiting == []  # nothing came: the next is a first again
    broadcast.publish_latest(INBOX, "a", "a4")
    assert sent[-1] == "a4"


def test_in_a_crowd_they_are_sent_once_a_second(clock: Clock, sent: list[str]) -> None:
    for number in range(6):
        broadcast.publish_latest(INBOX, str(number), f"{number}")
    assert clock.strike() == broadcast.GATHER_SECONDS
    broadcast.publish_latest(INBOX, "late", "late")
    assert sent == ["0", "12345"]
    assert clock.strike() == broadcast.CROWD_SECONDS
    assert sent == ["0", "12345", "late"]
    assert clock.strike() == broadcast.GATHER_SECONDS  # the crowd has gone
