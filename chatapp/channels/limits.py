"""What one message may hold, by channel. The one table: pages tell it before anything is sent, services hold to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
WEB = "web"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Letters of an agent's `reply` and of a visitor's `message`; how many `files` go with one, and bytes of each."""

    reply: int
    message: int
    files: int
    file_bytes: int

    @property
    def note(self) -> int:
        """Notes go nowhere: they may have what any channel takes."""
        return LONGEST_REPLY

    @property
    def file_megabytes(self) -> int:
        return self.file_bytes // MEGABYTE


_OF: Mapping[str, Limits] = {
    WEB: Limits(reply=10_000, message=4_000, files=10, file_bytes=25 * MEGABYTE),
}
LONGEST_REPLY = max(limits.reply for limits in _OF.values())
"""What no channel takes more of."""

MOST_FILES = max(limits.files for limits in _OF.values())
LARGEST_FILE = max(limits.file_bytes for limits in _OF.values())


def limits_of(kind: str) -> Limits:
    """Of a channel by the name that its conversations have."""
    return _OF[kind]
