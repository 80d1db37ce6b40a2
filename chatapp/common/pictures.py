"""Pictures of people and companies: whatever is sent, what is kept is a small square WebP that we made ourselves.

What it is is decided from its content, never from its name or what the sender calls it. Nothing of the original stays:
no place where it was taken, no second frame, no byte that a browser might take for something else.
"""

from __future__ import annotations

import io
import secrets
import warnings
from contextlib import closing
from dataclasses import dataclass

from flask import Response, current_app, make_response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from PIL import Image, ImageOps

from chatapp.common import uploads
from chatapp.common.aside import aside
from chatapp.common.errors import AppError, not_found

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
_READ_AT_MOST = 25 * 1024 * 1024
_SIDE = 256
_QUALITY = 82
_KINDS = ("PNG", "JPEG", "WEBP", "GIF")
_TOKEN_BYTES = 16
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)  # more than MOST_PIXELS, by its head
BROKEN = (OSError, ValueError, SyntaxError, EOFError)
TOO_MANY_PIXELS = _l("This picture has more than 40 megapixels. Choose a smaller one.")
_NO_PICTURE = _l("This is no picture that we can read. Use PNG, JPEG, WebP or GIF.")
_HEADERS = {
    "Content-Type": "image/webp",
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

takes_picture = uploads.takes(_READ_AT_MOST)
"""Marks a view whose form carries a picture: one that is too large is refused with a sentence beside the form."""

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class UnreadableError(Exception):
    """No picture, or more than we read. `sentence` says why, in the language of whoever reads it."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Picture:
    """The content, and the token that its address is made of: random, and new for each picture, so that it may be
    cached for ever and cannot be guessed."""

    token: str
    content: bytes


def sent(name: str = "picture") -> Picture:
    """The picture in the request's form. Raises `AppError` 422 for whatever is none, or too large."""
    file = request.files.get(name)
    content = b""
    if file:
        with closing(file.stream):
            content = file.stream.read(MOST_BYTES + 1)
    if not content:
        raise AppError(422, _("Choose a picture first."))
    if len(content) > MOST_BYTES:
        raise AppError(422, _("This picture is larger than 5 MB. Choose a smaller one."))
    try:
        return Picture(secrets.token_urlsafe(_TOKEN_BYTES), aside(lambda: square(content)))
    except UnreadableError as error:
        raise AppError(422, str(error.sentence)) from None


def square(content: bytes, *, most_pixels: int = MOST_PIXELS) -> bytes:
    """The middle of the picture, upright, as WebP of 256 × 256. Raises `UnreadableError`. Knows no request."""
    try:
        with Image.open(io.BytesIO(content), formats=_KINDS) as image:
            if image.width * image.height > most_pixels:
                raise UnreadableError(TOO_MANY_PIXELS)
            return _webp(image)
    except BOMBS:
        raise UnreadableError(TOO_MANY_PIXELS) from None
    except BROKEN:
        raise UnreadableError(_NO_PICTURE) from None


def _webp(image: Image.Image) -> bytes:
    image.draft("RGB", (_SIDE * 2, _SIDE * 2))  # a large JPEG is read at a fraction of its size
    image.load()
    upright = ImageOps.exif_transpose(image).convert("RGBA" if image.has_transparency_data else "RGB")
    small = ImageOps.fit(upright, (_SIDE, _SIDE), Image.Resampling.LANCZOS)
    small.info.clear()
    made = io.BytesIO()
    small.save(made, "WEBP", quality=_QUALITY, method=4)
    return made.getvalue()


def answer(content: bytes | None) -> Response:
    """A picture at an address that never changes its content. Raises `AppError` 404 for none."""
    if content is None:
        raise not_found()
    return make_response(content, 200, _HEADERS)


def public_address(path: str | None) -> str | None:
    """The complete address of a picture, for programs."""
    return f"{current_app.extensions['chatapp.config'].public_url}{path}" if path else None
