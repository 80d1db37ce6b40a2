"""The line between the processes: one Redis channel.

Redis may be slow, gone or restarted at any time. Nobody waits for it: batches queue here, up to a bound, and the two
greenlets that talk to Redis come back for ever. Whatever may have been lost on the way ends in a `resync`.
"""

import random
import secrets
import struct
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import gevent
import redis
import structlog
from gevent.event import Event
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from chatapp.common.realtime.counters import counters
from chatapp.common.realtime.wire import ORIGIN_BYTES, Entry, Frames, Resync, pack, unpack

log = structlog.get_logger(__name__)

MOST_WAITING = 10_000
MOST_WAITING_BYTES = 16 << 20
BATCH_BYTES = 1 << 20
ANSWER_SECONDS = 2.0
SILENCE_SECONDS = 15.0
SHORTEST_PAUSE = 0.1
LONGEST_PAUSE = 2.0

# RESP2: subscriptions answer in order on their own line. No retries: whoever fails here comes back by itself.
CONNECTION: dict[str, Any] = {"protocol": 2, "socket_connect_timeout": 1.0, "retry": Retry(NoBackoff(), 0)}


class Bus:
    """One process's connection to all the others."""

    def __init__(self, url: str, channel: str) -> None:
        self._url = url
        self._channel = channel
        self._origin = b""
        self._queue: deque[Entry] = deque()
        self._size = 0
        self._has_lost = False
        self._wake = Event()
        self._line_is_up = Event()
        self._on_entry: Callable[[Entry], None]
        self._on_gap: Callable[[], None]

    def start(self, *, on_entry: Callable[[Entry], None], on_gap: Callable[[], None]) -> None:
        """Begin to send and to listen. `on_gap`: something may have been missed while the line was down."""
        self._origin = secrets.token_bytes(ORIGIN_BYTES)
        self._on_entry = on_entry
        self._on_gap = on_gap
        gevent.spawn(self._for_ever, self._listen)
        gevent.spawn(self._for_ever, self._talk)

    def put(self, entries: list[Entry]) -> None:
        """Send soon; never blocks. What does not fit is replaced by a resync of the other processes."""
        self._queue.extend(entries)
        self._size += sum(map(_size_of, entries))
        if len(self._queue) > MOST_WAITING or self._size > MOST_WAITING_BYTES:
            self._drop_frames()
        self._wake.set()

    @property
    def is_connected(self) -> bool:
        """Whether this process hears the others."""
        return self._line_is_up.is_set()

    def wait_until_connected(self, seconds: float) -> bool:
        """Whether it does within so many seconds."""
        return self._line_is_up.wait(seconds)

    @property
    def waiting(self) -> int:
        """How many entries have not been sent."""
        return len(self._queue)

    def _drop_frames(self) -> None:
        """Give up on hints, keep what closes sockets."""
        counters["bus_overflows"] += 1
        kept = [entry for entry in self._queue if not isinstance(entry, Frames)]
        self._queue = deque(kept[-MOST_WAITING // 2 :])
        self._size = 0
        self._has_lost = True

    def _for_ever(self, part: Callable[[], None]) -> None:
        pause = SHORTEST_PAUSE
        while True:
            began = time.monotonic()
            try:
                part()
            except (RedisError, OSError) as error:
                counters["bus_failures"] += 1
                log.warning("bus_failed", part=part.__name__.strip("_"), error=type(error).__name__)
            except Exception:
                log.exception("bus_broke", part=part.__name__.strip("_"))
            if time.monotonic() - began > LONGEST_PAUSE:
                pause = SHORTEST_PAUSE
            gevent.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads reconnects, guards nothing
            pause = min(pause * 2, LONGEST_PAUSE)

    def _talk(self) -> None:
        client = redis.Redis.from_url(self._url, **CONNECTION, socket_timeout=ANSWER_SECONDS)
        try:
            while True:
                while self._queue or self._has_lost:
                    self._send_batch(client)
                self._wake.wait()
                self._wake.clear()
        finally:
            client.close()

    def _send_batch(self, client: redis.Redis) -> None:
        batch = self._take()
        lost, self._has_lost = self._has_lost, False
        try:
            client.publish(self._channel, pack(self._origin, [Resync(), *batch] if lost else batch))
        except BaseException:
            self._queue.extendleft(reversed(batch))
            self._size += sum(map(_size_of, batch))
            self._has_lost |= lost
            raise
        counters["bus_batches_sent"] += 1

    def _take(self) -> list[Entry]:
        batch: list[Entry] = []
        size = 0
        while self._queue and size < BATCH_BYTES:
            entry = self._queue.popleft()
            batch.append(entry)
            size += _size_of(entry)
        self._size -= size
        return batch

    def _listen(self) -> None:
        pool = redis.ConnectionPool.from_url(self._url, **CONNECTION, socket_timeout=SILENCE_SECONDS)
        line = pool.make_connection()
        try:
            line.connect()
            line.send_command("SUBSCRIBE", self._channel)
            while True:
                self._hear(*_read(line))
        finally:
            self._line_is_up.clear()
            line.disconnect()

    def _hear(self, kind: bytes, *parts: Any) -> None:
        if kind == b"subscribe":
            self._line_is_up.set()
            log.info("bus_connected")
            self._on_gap()
        elif kind == b"message":
            self._unpack(parts[1])

    def _unpack(self, batch: bytes) -> None:
        try:
            origin, entries = unpack(batch)
            if origin == self._origin:
                return
            counters["bus_batches_received"] += 1
            for entry in entries:
                self._on_entry(entry)
        except (ValueError, struct.error):
            counters["bus_unreadable"] += 1
            log.exception("bus_batch_unreadable")


def _read(line: Any) -> list[Any]:
    """The next thing Redis says. After a long silence it has to answer a PING: a dead line makes no noise."""
    try:
        return line.read_response(disable_decoding=True, disconnect_on_error=False)
    except RedisTimeoutError:
        line.send_command("PING", check_health=False)
        return line.read_response(disable_decoding=True)


def _size_of(entry: Entry) -> int:
    return len(entry.data) if isinstance(entry, Frames) else 0
