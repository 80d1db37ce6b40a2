"""Identifiers: UUID version 7, so that keys sort by time and indexes stay compact (RFC 9562)."""

from __future__ import annotations

import os
import time
from uuid import UUID

_NANOSECONDS = 1_000_000


def uuid7() -> UUID:
    """A new UUIDv7: 48 bits of milliseconds, 12 bits of the fraction of one (RFC 9562, 6.2), then 62 random bits.

    The fraction keeps what one transaction writes in the order in which it was written.
    """
    milliseconds, rest = divmod(time.time_ns(), _NANOSECONDS)
    fraction = (rest << 12) // _NANOSECONDS
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | random)
