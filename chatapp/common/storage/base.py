"""What a place for files can do, and how it fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Protocol

CHUNK = 64 * 1024


class StorageAwayError(Exception):
    """The file could not be written or read now: a full disk, or a bucket that does not answer."""


class FileMissingError(Exception):
    """There is no file of this key."""


class Storage(Protocol):
    """Files by key. Sizes and places are bytes."""

    def save(self, key: str, file: IO[bytes]) -> None:
        """Write the file, from its beginning: all of it and for good, or nothing. Raises `StorageAwayError`."""

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """A part of a file, in chunks. Raises `FileMissingError`, `StorageAwayError`; both before the first chunk."""

    def delete(self, key: str) -> None:
        """Delete it; one that is not there is as good as deleted. Raises `StorageAwayError`."""
