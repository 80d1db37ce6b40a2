"""Files in a folder of this machine. Web, worker and clock must see the same folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from chatapp.common.storage.base import CHUNK, FileMissingError, StorageAwayError


class DiskStorage:
    """One file for each key, under the folder of its workspace."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder).absolute()

    def save(self, key: str, file: IO[bytes]) -> None:
        path = self._folder / key
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, file)
        except OSError as error:
            raise StorageAwayError(str(error)) from error

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        try:
            file = (self._folder / key).open("rb")
        except FileNotFoundError as error:
            raise FileMissingError(key) from error
        except OSError as error:
            raise StorageAwayError(str(error)) from error
        file.seek(start)
        return _chunks(file, length)

    def delete(self, key: str) -> None:
        try:
            (self._folder / key).unlink(missing_ok=True)
        except OSError as error:
            raise StorageAwayError(str(error)) from error


def _write(path: Path, file: IO[bytes]) -> None:
    """Under another name first: whoever reads finds all of it, and a power cut leaves no half."""
    file.seek(0)
    handle, unfinished = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as copy:
            shutil.copyfileobj(file, copy, CHUNK)
            copy.flush()
            os.fsync(copy.fileno())
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _chunks(file: IO[bytes], length: int) -> Iterator[bytes]:
    with file:
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
