"""A page's socket: opens it, hears it, and comes back whenever it is gone."""

import time
from collections.abc import Callable

import gevent
import websocket

from tests.support.history import History
from tests.support.load.network import Network, UnansweredError

SILENCE = 60.0  # the server speaks every 25 s


class Wire:
    """`path` and `greeting` are asked anew at each attempt: they hold how far the page has come."""

    def __init__(
        self,
        network: Network,
        history: History,
        *,
        path: Callable[[], str],
        greeting: Callable[[], str | None],
        hear: Callable[[str], None],
        returned: Callable[[], None],
    ) -> None:
        self.network = network
        self.history = history
        self.path, self.greeting, self.hear, self.returned = path, greeting, hear, returned
        self._socket: websocket.WebSocket | None = None
        self._lost_at: float | None = None

    @property
    def is_live(self) -> bool:
        return self._socket is not None

    def start(self) -> None:
        gevent.spawn(self._run)

    def send(self, text: str) -> None:
        """Raises `UnansweredError` where there is no socket any more."""
        if self._socket is None:
            raise UnansweredError("no socket")
        try:
            self._socket.send(text)
        except (OSError, websocket.WebSocketException) as error:
            raise UnansweredError("socket lost") from error

    def _run(self) -> None:
        failures = 0
        while True:
            failures = 0 if self._connect() else failures + 1
            self.network.nap(failures)

    def _connect(self) -> bool:
        """Until the socket is gone. True if the server had spoken."""
        try:
            opened = self.network.open_socket(self.path())
        except UnansweredError:
            return False
        spoke = False
        try:
            if (greeting := self.greeting()) is not None:
                opened.send(greeting)
            opened.settimeout(SILENCE)
            while True:
                text = self._receive(opened)
                if text is None:
                    return spoke
                if not spoke:
                    self._established(opened)
                spoke = True
                self.hear(text)
        except (OSError, websocket.WebSocketException) as error:
            self._closed("cut" if self.network.is_up is False else type(error).__name__)
            return spoke
        finally:
            self._socket = None
            self._lost_at = self._lost_at or time.monotonic()
            self.network.sockets.discard(opened)
            opened.shutdown()

    def _receive(self, opened: websocket.WebSocket) -> str | None:
        """The next text; None once the server has closed."""
        while True:
            kind, data = opened.recv_data()
            if kind == websocket.ABNF.OPCODE_TEXT:
                return str(data.decode())
            if kind == websocket.ABNF.OPCODE_CLOSE:
                self._closed(str(int.from_bytes(data[:2], "big")))
                return None

    def _established(self, opened: websocket.WebSocket) -> None:
        self._socket = opened
        if self._lost_at is not None:
            self.history.reconnects.append(time.monotonic() - self._lost_at)
            self._lost_at = None
            self.returned()

    def _closed(self, how: str) -> None:
        self.history.closings[how] += 1
