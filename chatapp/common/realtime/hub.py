"""The sockets of one process, and what each of them listens to.

Publishing puts an entry on a list that is delivered at the next turn of the event loop: what was published meanwhile
to one topic leaves in one write per socket, and in one PUBLISH to the other processes. Local sockets never wait for
Redis, and hear everything this process publishes when Redis is down.
"""

import resource
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import gevent

from chatapp.common.realtime.bus import Bus
from chatapp.common.realtime.connection import Connection
from chatapp.common.realtime.counters import counters
from chatapp.common.realtime.frames import CloseCode
from chatapp.common.realtime.outbox import RESYNC
from chatapp.common.realtime.pulse import Guard, Pulse, PulseSource, Witness
from chatapp.common.realtime.registry import Registry
from chatapp.common.realtime.topics import Topic
from chatapp.common.realtime.waiting import Waiter
from chatapp.common.realtime.wire import Close, Entry, Frames, Resync

MOST_CONNECTIONS = 10_000
FILES_FOR_OTHERS = 512


class Hub:
    """One per process: `hub`, below. Started in processes that serve sockets, idle in all others."""

    def __init__(self) -> None:
        self.is_draining = False
        self._registry = Registry()
        self._connections: set[Connection] = set()
        self._waiters: set[Waiter] = set()
        self._outgoing: list[Entry] = []
        self._loop: Any = None
        self._bus: Bus | None = None
        self._pulse = Pulse(self)

    # Life

    def start(self, bus: Bus | None) -> None:
        """Begin to deliver here, and through `bus` to the other processes. A second call does nothing."""
        if self.is_running:
            return
        self._loop = gevent.get_hub().loop
        self._bus = bus
        if bus is not None:
            bus.start(on_entry=self._deliver, on_gap=self._recover)
        self._pulse.start()

    def wait_for_bus(self, seconds: float) -> None:
        """Hear the other processes before the first socket is taken, if Redis answers in time."""
        if self._bus is not None:
            self._bus.wait_until_connected(seconds)

    @property
    def is_running(self) -> bool:
        """Whether this process delivers; where it does not, `broadcast` publishes straight to Redis."""
        return self._loop is not None

    def drain(self) -> None:
        """Ask every client to come back to another process (1012) and let every waiting request answer."""
        self.is_draining = True
        for connection in self.connections:
            connection.close_when_idle(CloseCode.SERVICE_RESTART, "Restarting")
        self._wake_waiters()

    def set_pulse(self, source: PulseSource) -> None:
        """Register what is looked up for each heartbeat: see `pulse.PulseSource`."""
        self._pulse.source = source

    def set_guard(self, guard: Guard) -> None:
        """Register who says which sockets may no longer be open: see `pulse.Guard`."""
        self._pulse.guard = guard

    def set_witness(self, witness: Witness) -> None:
        """Register who writes down whose sockets are open: see `pulse.Witness`."""
        self._pulse.witness = witness

    def stats(self) -> dict[str, int]:
        """Gauges and counters for /metrics."""
        gauges = {"connections": len(self._connections), "topics": len(self._registry), "waiting": len(self._waiters)}
        if self._bus is not None:
            gauges |= {"bus_connected": int(self._bus.is_connected), "bus_waiting": self._bus.waiting}
        return gauges | counters

    # What requests call

    def publish(self, entry: Entry) -> None:
        """Deliver at the next turn of the event loop, here and in the other processes."""
        if not self._outgoing:
            self._loop.run_callback(self._flush)
        self._outgoing.append(entry)

    def wait(self, topics: Iterable[Topic], timeout: float) -> bool:
        """Whether something was published to `topics` within `timeout` seconds. Give the database back first.

        True at once while draining and where no hub runs: there, only looking again can tell.
        """
        with self.listen(topics) as waiter:
            return waiter.wait(timeout)

    @contextmanager
    def listen(self, topics: Iterable[Topic]) -> Iterator[Waiter]:
        """Listen during the block: look what is there, then `waiter.wait(seconds)` for what comes. No gap between."""
        waiter, names = Waiter(), frozenset(topics)
        if self.is_draining or not self.is_running:
            waiter.wake()
        self._waiters.add(waiter)
        for topic in names:
            self._registry.join(topic, waiter)
        try:
            yield waiter
        finally:
            self._waiters.discard(waiter)
            for topic in names:
                self._registry.leave(topic, waiter)

    # What connections call

    @property
    def connections(self) -> tuple[Connection, ...]:
        """All sockets of this process, the closing ones too."""
        return tuple(self._connections)

    @property
    def is_full(self) -> bool:
        """Whether another socket has to be refused."""
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return len(self._connections) >= min(MOST_CONNECTIONS, files - FILES_FOR_OTHERS)

    def add(self, connection: Connection) -> None:
        """A socket was opened."""
        counters["opened"] += 1
        self._connections.add(connection)

    def subscribe(self, connection: Connection, topic: Topic) -> None:
        """Give the socket what is published to `topic`."""
        connection.topics.add(topic)
        self._registry.join(topic, connection)

    def unsubscribe(self, connection: Connection, topic: Topic) -> None:
        """No longer give the socket what is published to `topic`."""
        connection.topics.discard(topic)
        self._registry.leave(topic, connection)

    def silence(self, connection: Connection) -> None:
        """The socket is closing: nothing more for it."""
        for topic in tuple(connection.topics):
            self.unsubscribe(connection, topic)

    def remove(self, connection: Connection) -> None:
        """The socket is closed."""
        self._connections.discard(connection)

    # Delivery, in the event loop: nothing here may block

    def _flush(self) -> None:
        entries, self._outgoing = _joined(self._outgoing), []
        if self._bus is not None:
            self._bus.put(entries)
        for entry in entries:
            self._deliver(entry)

    def _deliver(self, entry: Entry) -> None:
        match entry:
            case Frames(topic, data, count):
                self._registry.deliver(topic, data, count)
            case Close(owner, code, reason):
                self._close(owner, code, reason)
            case Resync():
                self._resync()

    def _close(self, owner: Mapping[str, str], code: int, reason: str) -> None:
        for connection in self.connections:
            if connection.belongs_to(owner):
                connection.close(code, reason)

    def _resync(self) -> None:
        for connection in self.connections:
            connection.send_frame(RESYNC)
        self._wake_waiters()

    def _recover(self) -> None:
        """The line to the other processes was down: news and revocations may have been missed."""
        self._resync()
        gevent.spawn(self._pulse.close_revoked)

    def _wake_waiters(self) -> None:
        for waiter in self._waiters:
            waiter.wake()


def _joined(entries: Iterable[Entry]) -> list[Entry]:
    """What closes sockets first, then the frames of each topic as one entry."""
    urgent: list[Entry] = []
    by_topic: dict[Topic, list[bytes]] = {}
    for entry in entries:
        if isinstance(entry, Frames):
            by_topic.setdefault(entry.topic, []).append(entry.data)
        else:
            urgent.append(entry)
    return urgent + [Frames(topic, b"".join(frames), len(frames)) for topic, frames in by_topic.items()]


hub = Hub()
