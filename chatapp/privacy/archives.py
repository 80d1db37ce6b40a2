"""A ZIP that is written while it is read: what was collected of a person, and then their files, one after the other."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence

from chatapp.attachments.models import Attachment
from chatapp.common import storage


def path_of(attachment_id: str, name: str) -> str:
    """Where a file lies in the archive. Two files may have one name."""
    return f"files/{attachment_id[-12:]}-{name}"


def with_files(collected: bytes, attachments: Sequence[Attachment], files: storage.Storage) -> Iterator[bytes]:
    """The archive, in chunks. A file that cannot be had is left out and named in `missing.txt`."""
    out, missing = _Outlet(), []
    with zipfile.ZipFile(out, "w") as archive:  # type: ignore[call-overload]
        with zipfile.ZipFile(io.BytesIO(collected)) as ready:
            for name in ready.namelist():
                archive.writestr(name, ready.read(name), zipfile.ZIP_DEFLATED)
        for attachment in attachments:
            path = path_of(str(attachment.id), attachment.name)
            try:
                chunks = files.read(attachment.storage_key, 0, attachment.size)
            except (storage.FileMissingError, storage.StorageAwayError):
                missing.append(path)
                continue
            with archive.open(path, "w") as entry:
                for chunk in chunks:
                    entry.write(chunk)
                    yield out.taken()
        if missing:
            archive.writestr("missing.txt", "\n".join(missing))
    yield out.taken()


class _Outlet:
    """What `zipfile` writes to, and what is then taken away. It cannot go back."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """Everything that was written since the last time."""
        taken, self._written = bytes(self._written), bytearray()
        return taken
