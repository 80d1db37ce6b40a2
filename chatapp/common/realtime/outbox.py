"""What still has to be written to one socket.

Writing never blocks and never yields: a broadcast to ten thousand sockets is one loop, whoever reads slowly. What
the kernel does not take is kept, up to a bound. Past the bound the waiting hints are thrown away, because a hint may
be lost (the sequence number in Postgres is the truth), and one `resync` takes their place. A frame that was begun
is always finished: half a frame would turn everything after it into noise.
"""

import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent

from chatapp.common.realtime.counters import counters
from chatapp.common.realtime.frames import frame

MOST_FRAMES = 256
MOST_BYTES = 1 << 20
STALL_SECONDS = 10.0
RESYNC = frame('{"type":"resync"}')

_WRITABLE = 2


class Outbox:
    """The sending half of one socket, which must be non-blocking.

    `failed(stalled)` is called once when writing cannot go on: the peer is gone, or took nothing for ten seconds.
    """

    __slots__ = ("_backlog", "_failed", "_is_last", "_socket")

    def __init__(self, sock: socket.socket, failed: Callable[[bool], None]) -> None:
        self._socket = sock
        self._failed = failed
        self._backlog: _Backlog | None = None
        self._is_last = False

    def write(self, data: bytes, frames: int = 1) -> None:
        """Send whole frames, now or as soon as the peer reads; they may be dropped in favour of a resync."""
        if self._backlog is not None:
            self._backlog.add(data, frames)
            return
        sent = self._send(data)
        if 0 <= sent < len(data):
            self._backlog = _Backlog(self)
            self._backlog.begin(memoryview(data)[sent:], frames, begun=sent > 0)

    def write_last(self, data: bytes) -> None:
        """Send a closing frame in place of everything that was not begun, then tell TCP that nothing follows."""
        self._is_last = True
        if self._backlog is not None:
            self._backlog.drop_hints()
            self._backlog.append(data, 1)
            return
        self.write(data)
        if self._backlog is None:
            self._end()

    def discard(self) -> None:
        """Forget what is waiting: the socket is being closed."""
        if self._backlog is not None:
            self._backlog.stop()
            self._backlog = None

    def _end(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def _send(self, data: Any) -> int:
        """How many bytes the kernel took; -1 when the socket is dead."""
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self._fail(stalled=False)
            return -1

    def _drained(self) -> None:
        self.discard()
        if self._is_last:
            self._end()

    def _fail(self, *, stalled: bool) -> None:
        self.discard()
        self._failed(stalled)


class _Backlog:
    """The queue of a slow reader; it exists only while something waits."""

    __slots__ = ("_begun", "_frames", "_moved_at", "_outbox", "_queue", "_resyncing", "_size", "_timer", "_watcher")

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._queue: deque[tuple[Any, int]] = deque()
        self._frames = 0
        self._size = 0
        self._begun = False
        self._resyncing = False
        self._moved_at = time.monotonic()
        loop = gevent.get_hub().loop
        self._watcher = loop.io(outbox._socket.fileno(), _WRITABLE)
        self._timer = loop.timer(STALL_SECONDS)

    def begin(self, rest: memoryview, frames: int, *, begun: bool) -> None:
        """Take over a write that the kernel took only in part."""
        counters["slow_readers"] += 1
        self._begun = begun
        self.append(rest, frames)
        self._watcher.start(self._drain)
        self._timer.start(self._check_progress)

    def add(self, data: bytes, frames: int) -> None:
        """Queue hints, or nothing at all once a resync is queued: it makes them superfluous."""
        if self._resyncing:
            return
        if self._frames + frames > MOST_FRAMES or self._size + len(data) > MOST_BYTES:
            counters["resyncs"] += 1
            self.drop_hints()
            self.append(RESYNC, 1)
            self._resyncing = True
        else:
            self.append(data, frames)

    def append(self, data: Any, frames: int) -> None:
        self._queue.append((data, frames))
        self._frames += frames
        self._size += len(data)

    def drop_hints(self) -> None:
        """Empty the queue, except for frames of which the peer already has a part."""
        begun = self._queue[0] if self._begun else None
        self._queue.clear()
        self._frames = self._size = 0
        if begun:
            self.append(*begun)

    def stop(self) -> None:
        self._watcher.close()
        self._timer.close()

    def _drain(self) -> None:
        while self._queue:
            data, frames = self._queue[0]
            sent = self._outbox._send(data)
            if sent <= 0:
                return
            self._moved_at = time.monotonic()
            self._size -= sent
            self._begun = sent < len(data)
            if self._begun:
                self._queue[0] = (memoryview(data)[sent:], frames)
            else:
                self._queue.popleft()
                self._frames -= frames
        self._outbox._drained()

    def _check_progress(self) -> None:
        idle = time.monotonic() - self._moved_at
        if idle >= STALL_SECONDS:
            self._outbox._fail(stalled=True)
            return
        self._timer.stop()
        self._timer = gevent.get_hub().loop.timer(STALL_SECONDS - idle)
        self._timer.start(self._check_progress)
