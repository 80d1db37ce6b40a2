"""How a file is handed out: never as a page. The browser saves it, or shows and plays it inside of a page of ours.

Only pictures that we made ourselves, sound and film keep their type. Everything else is bytes; nothing of it runs.
"""

from __future__ import annotations

from flask import Response, request

from chatapp.attachments.intake import unavailable
from chatapp.attachments.models import Attachment
from chatapp.common import storage
from chatapp.common.errors import not_found

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "private, max-age=21600, immutable",
    "Accept-Ranges": "bytes",
}


def answer(attachment: Attachment, *, thumbnail: bool, everywhere: bool) -> Response:
    """The file, or the part that `Range` asks for. `everywhere`: pages of other origins may show it.

    Raises `AppError` 404, 503.
    """
    if thumbnail and attachment.thumbnail_key and attachment.thumbnail_size:
        return _answer(attachment.thumbnail_key, attachment.thumbnail_size, "image/webp", attachment.name, everywhere)
    media_type = "application/octet-stream" if attachment.kind == "file" else attachment.type
    return _answer(attachment.storage_key, attachment.size, media_type, attachment.name, everywhere)


def _answer(key: str, size: int, media_type: str, name: str, everywhere: bool) -> Response:
    start, end = _wanted(size)
    if start >= end:
        return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    try:
        chunks = () if request.method == "HEAD" else storage.current().read(key, start, end - start)
    except storage.FileMissingError as error:
        raise not_found() from error
    except storage.StorageAwayError as error:
        raise unavailable() from error
    response = Response(chunks, content_type=media_type, headers=_HEADERS)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if everywhere else "same-origin"
    response.content_length = end - start
    if "Range" in request.headers and (start, end) != (0, size):
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _wanted(size: int) -> tuple[int, int]:
    """From where to where. Several ranges at once, and what is no range, mean all of it."""
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return 0, size
    found = wanted.range_for_length(size)
    return found or (size, size)
