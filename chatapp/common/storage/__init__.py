"""Files outside of the database: in a folder of this machine, or in a bucket that speaks S3.

A key begins with the workspace that the file belongs to and goes on at random; bare ones are refused. What is written
is never changed. Whoever deletes a row that names a file does not delete the file: the database notes it (see
`discarded`), and the clock does it later, so that neither a rollback nor a cascade makes a difference.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from flask import Flask, current_app

from chatapp.common.storage.base import FileMissingError, Storage, StorageAwayError
from chatapp.common.storage.disk import DiskStorage
from chatapp.common.storage.s3 import S3Storage
from chatapp.config import Config

__all__ = ["FileMissingError", "Storage", "StorageAwayError", "current", "init_app", "new_key"]

_EXTENSION = "chatapp.storage"
_RANDOM_BYTES = 24
_KEY = re.compile(r"[0-9a-f]{32}/[\w-]{32}")


def init_app(app: Flask, config: Config) -> None:
    app.extensions[_EXTENSION] = _Checked(S3Storage(config.s3) if config.s3 else DiskStorage(config.files_dir))


def current() -> Storage:
    """The storage of this installation."""
    storage: Storage = current_app.extensions[_EXTENSION]
    return storage


def new_key(workspace_id: UUID) -> str:
    """A key that nobody can guess, for a file of this workspace."""
    return f"{workspace_id.hex}/{secrets.token_urlsafe(_RANDOM_BYTES)}"


class _Checked:
    """Refuses every key that `new_key` did not make: none leads out of the folder or into another workspace's."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def save(self, key: str, file: IO[bytes]) -> None:
        self._storage.save(_checked(key), file)

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        return self._storage.read(_checked(key), start, length)

    def delete(self, key: str) -> None:
        self._storage.delete(_checked(key))


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("This is no key of a file.")
    return key
