"""How a file comes in, whoever sends it: received piece by piece, looked at, made anew if it is a picture, and kept.

While it comes nobody holds a connection to the database and nothing of it is kept in memory: a phone in a tunnel may
take minutes. Files are written before their row, which expects them; see `common.storage.discarded`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO
from uuid import UUID

import structlog
from flask import request
from flask_babel import gettext as _

from chatapp.attachments import images, kinds, services
from chatapp.attachments.models import Attachment
from chatapp.attachments.names import safe_name
from chatapp.channels.limits import LARGEST_FILE
from chatapp.common import storage, uploads
from chatapp.common.aside import aside
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.pictures import UnreadableError
from chatapp.common.storage import discarded
from chatapp.common.unit_of_work import unit_of_work

log = structlog.get_logger()

MOST_BYTES = LARGEST_FILE
_ROOM = 2 * MOST_BYTES
_CHUNK = 64 * 1024

takes_file = uploads.takes(_ROOM)
"""Marks a view of the dashboard that takes a file: one that is too large is refused with a sentence."""


@dataclass(frozen=True)
class Sender:
    """Who sends it, and, for agents, into which conversation."""

    workspace_id: UUID
    agent_id: UUID | None = None
    visitor_id: UUID | None = None
    conversation_id: UUID | None = None


@dataclass(frozen=True)
class Taken:
    """A file as it will be kept."""

    name: str
    type: str
    kind: str
    size: int
    file: IO[bytes]
    image: images.MadeImage | None


def take(sender: Sender) -> Attachment:
    """The request's file: its body, with `?name=`, or `file` in a form. It is committed when this returns.

    Raises `AppError` 404, 413, 422, 503. Whatever the session held is over.
    """
    db.session.remove()
    with ExitStack() as open_files:
        taken = _looked_at(open_files.enter_context(_received()))
        if taken.image:
            open_files.callback(taken.image.close)
        keys = [storage.new_key(sender.workspace_id) for _file in ("itself", *(["thumbnail"] if taken.image else []))]
        with unit_of_work():
            discarded.expect(keys)
        _save(keys, taken)
        with unit_of_work(sender.workspace_id):
            attachment = services.add(taken, sender, keys)
            discarded.keep(keys)
    return attachment


def _save(keys: list[str], taken: Taken) -> None:
    files = [taken.file, *([taken.image.thumbnail] if taken.image else [])]
    try:
        for key, file in zip(keys, files, strict=True):
            storage.current().save(key, file)
    except storage.StorageAwayError as error:
        log.warning("storage.away", error=str(error))
        raise unavailable() from error


def unavailable() -> AppError:
    return AppError(503, _("Files cannot be kept or fetched right now. Try again in a moment."), retry_after=5)


@contextmanager
def _received() -> Iterator[tuple[IO[bytes], str]]:
    """The file, in a temporary one, and the name that it was given."""
    if (request.content_length or 0) > _ROOM:
        raise _too_large()
    request.max_content_length = _ROOM
    if request.mimetype == "multipart/form-data":
        sent = request.files.get("file")
        if sent is None:
            raise AppError(422, _("Choose a file first."))
        with sent.stream as stream:
            yield stream, sent.filename or ""
    else:
        with tempfile.TemporaryFile() as file:
            _copy_body(file)
            yield file, request.args.get("name", "")


def _copy_body(file: IO[bytes]) -> None:
    size = 0
    while chunk := request.stream.read(_CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            raise _too_large()
        file.write(chunk)


def _too_large() -> AppError:
    return AppError(413, _("This file is larger than 25 MB. Send a smaller one, or a link to it."))


def _looked_at(received: tuple[IO[bytes], str]) -> Taken:
    file, raw_name = received
    size = file.seek(0, 2)
    if size == 0:
        raise AppError(422, _("This file is empty."))
    if size > MOST_BYTES:
        raise _too_large()
    name = safe_name(raw_name, otherwise=_("file"))
    image = _image(file)
    if image:
        return Taken(name, image.type, "image", image.file.seek(0, 2), image.file, image)
    media_type = kinds.type_of(file, name)
    return Taken(name, media_type, kinds.kind_of(media_type), size, file, None)


def _image(file: IO[bytes]) -> images.MadeImage | None:
    try:
        with images.one_at_a_time:
            return aside(lambda: images.remade(file))
    except UnreadableError as error:
        raise AppError(422, str(error.sentence)) from None
