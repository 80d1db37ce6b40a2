"""One open WebSocket, as the application sees it.

An idle socket is *parked*: no greenlet, no request, no database session, only a watcher in the event loop. When the
peer says something a greenlet runs `on_message` in a fresh application context, and ends. While it runs nothing more
is read from this peer, so that its messages keep their order and a flood fills the peer's own buffers, not ours.
"""

import socket
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import gevent
import structlog
from flask import Flask, current_app

from chatapp.common.realtime.counters import counters
from chatapp.common.realtime.frames import CloseCode, close_frame, frame, pong_frame
from chatapp.common.realtime.inbound import Closed, Inbound, Pinged
from chatapp.common.realtime.outbox import Outbox
from chatapp.common.realtime.topics import Topic

if TYPE_CHECKING:
    from chatapp.common.realtime.hub import Hub

log = structlog.get_logger(__name__)

OnMessage = Callable[[str], None]
OnClose = Callable[[], None]

KNOWN_CODES = frozenset(CloseCode)

_LINGER_SECONDS = 3.0
_READ_BYTES = 65536
_READABLE = 1


class Identity(NamedTuple):
    """Whose socket it is, so that a revocation can find it. `sight`: what they saw when it was opened."""

    workspace_id: UUID | None = None
    user_id: UUID | None = None
    session_id: UUID | None = None
    end_user_id: UUID | None = None
    sight: str | None = None


NOBODY = Identity()


class Connection:
    """One socket. Its methods never block, never yield and never raise because of the peer."""

    __slots__ = (
        "_app",
        "_close_when_idle",
        "_inbound",
        "_is_closing",
        "_on_close",
        "_on_message",
        "_outbox",
        "_pending",
        "_reader",
        "_socket",
        "_timer",
        "_worker",
        "hub",
        "identity",
        "is_in_use",
        "topics",
    )

    def __init__(self, sock: socket.socket, hub: "Hub") -> None:
        self.hub = hub
        self.identity = NOBODY
        self.is_in_use = True  # whether somebody sits before it, as far as they told
        self.topics: set[Topic] = set()
        self._socket = sock
        self._outbox = Outbox(sock, self._cannot_write)
        self._inbound = Inbound()
        self._app: Flask | None = None
        self._on_message: OnMessage | None = None
        self._on_close: OnClose | None = None
        self._pending: deque[str] | None = None
        self._worker: gevent.Greenlet | None = None
        self._close_when_idle: tuple[int, str] | None = None
        self._is_closing = False
        self._timer: Any = None
        self._reader = gevent.get_hub().loop.io(sock.fileno(), _READABLE)
        hub.add(self)

    # What the application calls

    def identify(
        self,
        *,
        workspace_id: UUID | None = None,
        user_id: UUID | None = None,
        session_id: UUID | None = None,
        end_user_id: UUID | None = None,
        sight: str | None = None,
    ) -> None:
        """Say whose socket this is; `broadcast.close_sockets` finds it by these values."""
        self.identity = Identity(workspace_id, user_id, session_id, end_user_id, sight)

    def subscribe(self, topic: Topic) -> None:
        """From now on what is published to `topic` is sent here. Subscribe first, then read what was missed."""
        if not self._is_closing:
            self.hub.subscribe(self, topic)

    def unsubscribe(self, topic: Topic) -> None:
        """Stop listening to `topic`."""
        self.hub.unsubscribe(self, topic)

    def send(self, text: str) -> None:
        """Send one message; on a closed socket nothing happens."""
        self.send_frame(frame(text))

    def send_frame(self, data: bytes, frames: int = 1) -> None:
        """Send bytes made by `frames.frame`, or several of them joined."""
        if not self._is_closing:
            self._outbox.write(data, frames)

    def run(self, on_message: OnMessage, on_close: OnClose | None = None) -> None:
        """Serve the socket from now on; returns at once, the view should then return too.

        Both callbacks run in a greenlet of their own inside a new application context and no request context, so
        `request` and `current_user` are out of reach: take ids from the view, load objects anew. An exception in
        `on_message` is logged and closes the socket with 1011. `on_close` is called once, however the socket ended.
        """
        self._app = current_app._get_current_object()  # type: ignore[attr-defined]
        self._on_message = on_message
        self._on_close = on_close
        if self.is_open:
            self._read_on()
        else:
            self._call_on_close()

    def close(self, code: int = CloseCode.NORMAL, reason: str = "") -> None:
        """Close with the closing handshake. A second call, or one on a dead socket, does nothing."""
        if self._is_closing:
            return
        self._begin_closing(code)
        self._start_timer(_LINGER_SECONDS, self._shut)
        self._outbox.write_last(close_frame(code, reason))
        if self._worker is None:
            self._read_on()

    def close_when_idle(self, code: int, reason: str = "") -> None:
        """Close, but let the message that is being handled be answered first."""
        if self._worker is None:
            self.close(code, reason)
        else:
            self._close_when_idle = (code, reason)

    def close_unless_identified(self, *, within: float) -> None:
        """Close with 4401 if `identify` has not been called after so many seconds."""
        self._start_timer(within, self._check_identity)

    def belongs_to(self, owner: Mapping[str, str]) -> bool:
        """Whether the identity has all these values (field name → UUID as text)."""
        return all(str(getattr(self.identity, name, None)) == value for name, value in owner.items())

    @property
    def is_open(self) -> bool:
        """False from the moment the socket begins to close."""
        return not self._is_closing

    @property
    def is_parked(self) -> bool:
        """Whether `run` was called: the socket outlives the request that opened it."""
        return self._on_message is not None

    # Reading

    def _read_on(self) -> None:
        if self._socket.fileno() >= 0:
            self._reader.start(self._readable)

    def _readable(self) -> None:
        try:
            data = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose()
        elif not self._is_closing:
            self._receive(data)

    def _receive(self, data: bytes) -> None:
        messages: deque[str] = deque()
        closing = None
        for received in self._inbound.feed(data):
            if isinstance(received, Closed):
                closing = (received.code, received.reason)
            elif isinstance(received, Pinged):
                self._outbox.write(pong_frame(received.payload))
            else:
                messages.append(received)
        if messages and not self._is_closing:
            self._close_when_idle = closing
            self._reader.stop()
            self._pending = messages
            self._worker = gevent.spawn(self._work)
        elif closing:
            self.close(*closing)

    def _work(self) -> None:
        try:
            while self._pending and not self._is_closing:
                self._handle(self._pending.popleft())
        except (Exception, gevent.Timeout):
            log.exception("socket_message_failed", **self._log_fields())
            self.close(CloseCode.INTERNAL_ERROR)
        finally:
            self._pending = self._worker = None
            self._read_on()
            if self._close_when_idle:
                self.close(*self._close_when_idle)

    def _handle(self, message: str) -> None:
        assert self._app is not None
        assert self._on_message is not None
        with self._app.app_context():
            self._on_message(message)

    # The end

    def _check_identity(self) -> None:
        if self.identity == NOBODY:
            self.close(CloseCode.UNAUTHENTICATED, "Not identified in time")

    def _cannot_write(self, stalled: bool) -> None:
        if stalled:
            log.info("socket_stalled", **self._log_fields())
        self._lose(CloseCode.TRY_AGAIN_LATER if stalled else CloseCode.ABNORMAL)

    def _lose(self, code: int = CloseCode.ABNORMAL) -> None:
        """The peer went, or has to go, without a closing handshake."""
        if not self._is_closing:
            self._begin_closing(code)
        self._shut()

    def _begin_closing(self, code: int) -> None:
        self._is_closing = True
        counters[f"closed_{code if code in KNOWN_CODES else 'other'}"] += 1  # a peer may make codes up
        self.hub.silence(self)

    def _shut(self) -> None:
        if self._socket.fileno() < 0:
            return
        self._outbox.discard()
        self._reader.close()
        self._stop_timer()
        self._socket.close()
        self.hub.remove(self)
        self._call_on_close()

    def _call_on_close(self) -> None:
        on_close, self._on_close = self._on_close, None
        if on_close is not None:
            gevent.spawn(self._closed, on_close)

    def _closed(self, on_close: OnClose) -> None:
        assert self._app is not None
        try:
            with self._app.app_context():
                on_close()
        except (Exception, gevent.Timeout):
            log.exception("socket_close_failed", **self._log_fields())

    def _start_timer(self, seconds: float, callback: Callable[[], None]) -> None:
        self._stop_timer()
        self._timer = gevent.get_hub().loop.timer(seconds)
        self._timer.start(callback)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.close()
            self._timer = None

    def _log_fields(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.identity._asdict().items() if value is not None}
