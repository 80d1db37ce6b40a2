"""The heartbeat: every 25 s each socket hears how far its conversation has come.

It keeps proxies from closing a quiet line, lets a client notice a hint that was lost, and finds peers that are gone.
What it says is looked up once per process, never per socket.
"""

import json
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import gevent
import structlog

from chatapp.common.realtime.connection import NOBODY, Connection, Identity
from chatapp.common.realtime.frames import CloseCode, frame
from chatapp.common.realtime.topics import Topic

if TYPE_CHECKING:
    from chatapp.common.realtime.hub import Hub

log = structlog.get_logger(__name__)

T = TypeVar("T")

PulseSource = Callable[[frozenset[Topic]], Mapping[Topic, Mapping[str, object]]]
"""From all topics listened to in this process to the fields that the heartbeat of their listeners carries, such as
`{"seq": 7}` for a conversation; a socket's heartbeat has the fields of all its topics. Pushes its own app context."""

Guard = Callable[[frozenset[Identity]], Collection[Identity]]
"""From the owners of all sockets in this process to those whose session or membership has ended; their sockets are
closed. `broadcast.close_sockets` does it at once: this is for what was published while Redis was away."""

Witness = Callable[[Mapping[Identity, bool]], None]
"""Is told at each heartbeat whose sockets are open in this process, and whether one of them is in use."""

BEAT_SECONDS = 25.0
ANSWER_SECONDS = 10.0
_AT_ONCE = 200


class Pulse:
    """The heartbeat of one process."""

    def __init__(self, hub: "Hub") -> None:
        self.source: PulseSource | None = None
        self.guard: Guard | None = None
        self.witness: Witness | None = None
        self._hub = hub
        self._questions: dict[Any, gevent.Greenlet] = {}

    def start(self) -> None:
        """Beat for ever."""
        gevent.spawn(self._beat_for_ever)

    def close_revoked(self) -> None:
        """Close the sockets whose owner may not listen any more."""
        owners = frozenset(connection.identity for connection in self._hub.connections) - {NOBODY}
        revoked = self._ask(self.guard, owners) or ()
        for connection in self._hub.connections:
            if connection.identity in revoked:
                connection.close(CloseCode.UNAUTHENTICATED, "Access has ended")

    def bear_witness(self) -> None:
        """Say who is there."""
        owners: dict[Identity, bool] = {}
        for connection in self._hub.connections:
            if connection.identity != NOBODY:
                owners[connection.identity] = owners.get(connection.identity, False) or connection.is_in_use
        self._ask(self.witness, owners)

    def _beat_for_ever(self) -> None:
        while True:
            gevent.sleep(BEAT_SECONDS)
            try:
                self.close_revoked()
                self.bear_witness()
                self.beat()
            except Exception:
                log.exception("pulse_broke")

    def beat(self) -> None:
        """One heartbeat to everybody, pausing now and then so that requests are not held up."""
        connections = self._hub.connections
        topics = frozenset().union(*(connection.topics for connection in connections))
        news = self._ask(self.source, topics) or {}
        for number, connection in enumerate(connections, start=1):
            connection.send_frame(_heartbeat(connection, news))
            if number % _AT_ONCE == 0:
                gevent.sleep(0)

    def _ask(self, question: Callable[[Any], T] | None, about: object) -> T | None:
        """The answer, or None when it fails or takes too long; a question still open is not asked again."""
        if question is None or question in self._questions:
            return None
        asking = self._questions[question] = gevent.spawn(_answer, question, about)
        asking.link(lambda _: self._questions.pop(question))
        asking.join(ANSWER_SECONDS)
        return asking.value


def _answer(question: Callable[[Any], T], about: object) -> T | None:
    try:
        return question(about)
    except (Exception, gevent.Timeout):
        log.exception("pulse_failed")
        return None


def _heartbeat(connection: Connection, news: Mapping[Topic, Mapping[str, object]]) -> bytes:
    fields: dict[str, object] = {"type": "heartbeat", "seq": None}
    for topic in connection.topics:
        fields.update(news.get(topic, {}))
    return frame(json.dumps(fields, separators=(",", ":"), default=str))
