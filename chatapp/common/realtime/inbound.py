"""What comes in from a socket: bytes in, whole messages out.

wsproto does the parsing (masking, fragments, UTF-8, control frames, close codes). The bound on a message's size is
kept here while its fragments arrive, not after.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from wsproto.connection import Connection as Protocol
from wsproto.connection import ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage

from chatapp.common.realtime.frames import CloseCode

LARGEST_MESSAGE = 64 * 1024

_SHORT_HEADER = 6
_FINAL, _MASKED = 0x80, 0x80
_TWO_BYTE_LENGTH = 126


@dataclass(frozen=True, slots=True)
class Pinged:
    """The peer wants to know whether we are there."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Closed:
    """The peer closed, or broke the protocol; `code` is what we answer with."""

    code: int
    reason: str = ""


class Inbound:
    """The receiving half of one socket. After a `Closed` it must not be fed again."""

    __slots__ = ("_parts", "_protocol", "_size")

    def __init__(self) -> None:
        self._protocol: Protocol | None = None
        self._parts: list[str] | None = None
        self._size = 0

    def feed(self, data: bytes) -> Iterator[str | Pinged | Closed]:
        """The messages and control frames that `data` completes."""
        protocol = self._protocol or Protocol(ConnectionType.SERVER)
        # An idle socket keeps no parser: two kilobytes for each of ten thousand.
        self._protocol = None if self._protocol is None and _is_one_whole_frame(data) else protocol
        protocol.receive_data(data)
        for event in protocol.events():
            received = self._receive(event)
            if received is not None:
                yield received
            if isinstance(received, Closed):
                return

    def _receive(self, event: Event) -> str | Pinged | Closed | None:
        if isinstance(event, TextMessage):
            return self._collect(event)
        if isinstance(event, Ping):
            return Pinged(bytes(event.payload))
        if isinstance(event, CloseConnection):
            return Closed(event.code, event.reason or "")
        if isinstance(event, BytesMessage):
            return Closed(CloseCode.UNSUPPORTED, "Text only")
        return None

    def _collect(self, part: TextMessage) -> str | Closed | None:
        self._size += len(part.data) if part.data.isascii() else len(part.data.encode())
        if self._size > LARGEST_MESSAGE:
            return Closed(CloseCode.TOO_BIG, "Message too big")
        if part.message_finished and self._parts is None:
            self._size = 0
            return part.data
        self._parts = self._parts or []
        self._parts.append(part.data)
        if not part.message_finished:
            return None
        message = "".join(self._parts)
        self._parts, self._size = None, 0
        return message


def _is_one_whole_frame(data: bytes) -> bool:
    """Whether `data` is exactly one final, masked frame of no great length: what clients send nearly always."""
    if len(data) < _SHORT_HEADER or not data[0] & _FINAL or not data[1] & _MASKED:
        return False
    size = data[1] & ~_MASKED
    if size == _TWO_BYTE_LENGTH:
        return len(data) == _SHORT_HEADER + 2 + int.from_bytes(data[2:4], "big")
    return size < _TWO_BYTE_LENGTH and len(data) == _SHORT_HEADER + size
