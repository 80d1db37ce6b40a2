"""Pictures in messages: read, turned upright and written anew, so that nothing of the sender's file stays.

No place where it was taken, no hidden text, no bytes that could be taken for something else. Bounds on pixels come
before anything is unpacked: a few kilobytes can stand for gigabytes.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import IO, Any

from flask_babel import lazy_gettext as _l
from gevent.lock import BoundedSemaphore
from PIL import Image, ImageOps, ImageSequence

from chatapp.common.pictures import BOMBS, BROKEN, MOST_PIXELS, TOO_MANY_PIXELS, UnreadableError

LONGEST_SIDE = 4096
MOST_PIXELS_OF_ALL_FRAMES = 30_000_000
_TOO_LONG = _l("This animation is too long or too large. Choose a smaller one.")
_THUMBNAIL = (640, 480)
_KINDS = ("PNG", "JPEG", "WEBP", "GIF")
_MOVING = ("GIF", "WEBP")
_HOW: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 88, "method": 3},
    "GIF": {},
}


@dataclass(frozen=True)
class MadeImage:
    """A picture that we made, and a small one of it. Sizes are pixels; the files are at their beginning."""

    file: IO[bytes]
    thumbnail: IO[bytes]
    type: str
    width: int
    height: int

    def close(self) -> None:
        self.file.close()
        self.thumbnail.close()


def remade(file: IO[bytes]) -> MadeImage | None:
    """The picture made anew; None for what is none. Raises `UnreadableError`. Knows no request."""
    file.seek(0)
    try:
        with Image.open(file, formats=_KINDS) as image:
            _check_size(image)
            return _made(image)
    except BOMBS:
        raise UnreadableError(TOO_MANY_PIXELS) from None
    except BROKEN:
        return None


def _check_size(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        raise UnreadableError(TOO_MANY_PIXELS)
    frames = _frames(image)
    if frames > 1 and pixels * frames > MOST_PIXELS_OF_ALL_FRAMES:
        raise UnreadableError(_TOO_LONG)


def _frames(image: Image.Image) -> int:
    return getattr(image, "n_frames", 1) if image.format in _MOVING else 1


def _made(image: Image.Image) -> MadeImage:
    kind = "JPEG" if image.format == "MPO" else str(image.format)  # what phones with two lenses write
    profile = image.info.get("icc_profile")
    if _frames(image) > 1:
        return _made_moving(image, kind)
    image.draft("RGB", (LONGEST_SIDE // 2, LONGEST_SIDE // 2))  # a large JPEG is read at a fraction of its size
    still = ImageOps.exif_transpose(image)
    if kind == "JPEG" and still.mode not in ("L", "RGB"):
        still, profile = still.convert("RGB"), None
    elif still.has_transparency_data:
        still = still.convert("RGBA")
    still.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    still.info.clear()
    written = _written(still, kind, **({"icc_profile": profile} if profile and kind != "GIF" else {}))
    return MadeImage(written, _thumbnail(still), f"image/{kind.lower()}", still.width, still.height)


def _made_moving(image: Image.Image, kind: str) -> MadeImage:
    durations, frames = [], []
    for frame in ImageSequence.Iterator(image):
        durations.append(frame.info.get("duration", 100))
        frames.append(frame.convert("RGBA"))
        frames[-1].info.clear()
    moving = {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": 0}
    written = _written(frames[0], kind, **moving, **({"disposal": 2} if kind == "GIF" else {}))
    return MadeImage(written, _thumbnail(frames[0]), f"image/{kind.lower()}", image.width, image.height)


def _thumbnail(image: Image.Image) -> IO[bytes]:
    small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small.thumbnail(_THUMBNAIL, Image.Resampling.LANCZOS)
    small.info.clear()
    return _written(small, "WEBP", quality=80, method=4)


def _written(image: Image.Image, kind: str, **options: Any) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 — whoever asked for it closes it
    image.save(file, kind, **(_HOW[kind] | options))
    file.seek(0)
    return file


one_at_a_time = BoundedSemaphore(1)
"""A picture of forty megapixels is a hundred megabytes while it is looked at: one at once in a process."""
