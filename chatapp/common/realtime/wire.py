"""How one process tells the others, over Redis: a batch of entries behind the sender's name.

Binary, because the frames inside are ready to be written to sockets as they are.
"""

import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chatapp.common.realtime.topics import Topic

VERSION = b"\x01"
ORIGIN_BYTES = 8
NO_HUB = bytes(ORIGIN_BYTES)
"""The origin of processes that serve no sockets."""

_HEADER = struct.Struct(">cHHI")
_FRAMES, _CLOSE, _RESYNC = b"f", b"c", b"r"


@dataclass(frozen=True, slots=True)
class Frames:
    """`count` joined frames for everybody who listens to `topic`."""

    topic: Topic
    data: bytes
    count: int = 1


@dataclass(frozen=True, slots=True)
class Close:
    """Close the sockets whose identity has all the values of `owner` (field name → UUID as text)."""

    owner: dict[str, str]
    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Resync:
    """Something was lost on the way: every socket has to ask what it missed."""


Entry = Frames | Close | Resync


def pack(origin: bytes, entries: Iterable[Entry]) -> bytes:
    """One batch. `origin` names the sending process in `ORIGIN_BYTES` bytes."""
    return b"".join((VERSION, origin, *map(_pack_entry, entries)))


def _pack_entry(entry: Entry) -> bytes:
    match entry:
        case Frames(topic, data, count):
            name = topic.encode()
            return _HEADER.pack(_FRAMES, count, len(name), len(data)) + name + data
        case Close():
            body = json.dumps([entry.owner, entry.code, entry.reason]).encode()
            return _HEADER.pack(_CLOSE, 0, 0, len(body)) + body
        case Resync():
            return _HEADER.pack(_RESYNC, 0, 0, 0)


def unpack(batch: bytes) -> tuple[bytes, Iterator[Entry]]:
    """The sender and the entries; ValueError when another version wrote the batch."""
    start = len(VERSION) + ORIGIN_BYTES
    if not batch.startswith(VERSION) or len(batch) < start:
        raise ValueError("A batch of another version")
    return batch[len(VERSION) : start], _unpack_entries(batch, start)


def _unpack_entries(batch: bytes, at: int) -> Iterator[Entry]:
    while at < len(batch):
        kind, count, name_size, size = _HEADER.unpack_from(batch, at)
        at += _HEADER.size
        name, body = batch[at : at + name_size], batch[at + name_size : at + name_size + size]
        at += name_size + size
        yield _unpack_entry(kind, count, name, body)


def _unpack_entry(kind: bytes, count: int, name: bytes, body: bytes) -> Entry:
    if kind == _FRAMES:
        return Frames(Topic(name.decode()), body, count)
    if kind == _CLOSE:
        fields: list[Any] = json.loads(body)
        return Close(*fields)
    return Resync()
