"""A WebSocket client that can stop reading, in one thread with many others, and notices every corrupt byte."""

import socket
import time

from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Message, Ping, Pong, TextMessage
from wsproto.frame_protocol import CloseReason

_HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)


class RawSocket:
    """`messages` are the whole texts that came, without heartbeats; `close_code` is set once the server has closed."""

    def __init__(self, port: int, path: str, receive_buffer: int | None = None) -> None:
        self.messages: list[str] = []
        self.heartbeats: list[str] = []
        self.arrived_at: list[float] = []
        self.close_code: int | None = None
        self.is_corrupt = False
        self.is_ended = False
        self._socket = socket.socket()
        if receive_buffer is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.settimeout(20)
        self._socket.connect(("127.0.0.1", port))
        self._socket.sendall(_HANDSHAKE.format(path=path, port=port).encode())
        self.head, rest = self._read_head()
        self._protocol = Connection(ConnectionType.CLIENT, trailing_data=rest)
        self._partial = ""
        self._handle_events()

    def say(self, text: str) -> None:
        """Send one message."""
        self._socket.sendall(self._protocol.send(Message(data=text)))

    def read(self, seconds: float = 0.0) -> list[str]:
        """Read what comes within `seconds` (or what is there); all messages so far."""
        deadline = time.monotonic() + seconds
        while self._read_some(deadline):
            pass
        return self.messages

    def read_until(self, count: int, seconds: float = 10.0) -> list[str]:
        """Read until so many messages are there or the time is over; all messages so far."""
        deadline = time.monotonic() + seconds
        while len(self.messages) < count and self._read_some(deadline):
            pass
        return self.messages

    def read_to_end(self, seconds: float = 10.0) -> int | None:
        """Read until the server ends the connection; its close code."""
        self.read(seconds)
        assert self.is_ended, "The server did not close"
        return self.close_code

    def fileno(self) -> int:
        """For select."""
        return self._socket.fileno()

    def close(self) -> None:
        """Just go, without a word."""
        self._socket.close()

    def _read_head(self) -> tuple[str, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            more = self._socket.recv(1 << 16)
            assert more, f"No answer to the handshake: {data!r}"
            data += more
        head, rest = data.split(b"\r\n\r\n", 1)
        return head.decode(), rest

    def _read_some(self, deadline: float) -> bool:
        if self.is_ended:
            return False
        self._socket.settimeout(max(deadline - time.monotonic(), 0.0))
        try:
            self._feed(self._socket.recv(1 << 18))
        except (TimeoutError, BlockingIOError):
            return False
        except OSError:
            self._end()
        return True

    def _end(self) -> None:
        self.is_ended = True
        self._socket.close()

    def _feed(self, data: bytes) -> None:
        if not data:
            self._end()
        elif not self.is_corrupt:
            self._protocol.receive_data(data)
            self._handle_events()

    def _handle_events(self) -> None:
        for event in self._protocol.events():
            match event:
                case TextMessage():
                    self._collect(event)
                case CloseConnection(code=CloseReason.PROTOCOL_ERROR | CloseReason.INVALID_FRAME_PAYLOAD_DATA):
                    self.is_corrupt = True
                case CloseConnection():
                    self.close_code = int(event.code)
                case Ping():
                    self._socket.sendall(self._protocol.send(event.response()))
                case Pong():
                    pass
                case _:
                    self.is_corrupt = True

    def _collect(self, part: TextMessage) -> None:
        self._partial += part.data
        if part.message_finished:
            is_heartbeat = self._partial.startswith('{"type":"heartbeat"')
            (self.heartbeats if is_heartbeat else self.messages).append(self._partial)
            self.arrived_at.append(time.monotonic())
            self._partial = ""
