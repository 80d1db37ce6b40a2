"""What a file is, by its content. Its name only decides between types that the content could be."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import IO

import puremagic

_HEAD = 8192
_PLAYABLE = {
    "audio/aac": "audio/aac",
    "audio/flac": "audio/flac",
    "audio/mp4": "audio/mp4",
    "audio/mpeg": "audio/mpeg",
    "audio/ogg": "audio/ogg",
    "audio/wav": "audio/wav",
    "audio/x-m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
    "video/mp4": "video/mp4",
    "video/ogg": "video/ogg",
    "video/quicktime": "video/quicktime",
    "video/webm": "video/webm",
    "video/x-m4v": "video/mp4",
}
"""What browsers play, under the name that they know it by."""

_SURE = 0.4


def type_of(file: IO[bytes], name: str) -> str:
    """A media type. What nobody knows is `text/plain` if it can be read, else `application/octet-stream`."""
    file.seek(0)
    head = file.read(_HEAD)
    found = puremagic.magic_string(head)
    ending = PurePosixPath(name).suffix.lower()
    likely = [match.mime_type for match in found if match.confidence >= _SURE and match.mime_type]
    named = [match.mime_type for match in found if match.extension == ending and match.mime_type]
    playable = [_PLAYABLE[one] for one in (*named, *likely) if one in _PLAYABLE]
    if playable:
        return playable[0]
    if named or likely:
        return _package(head, named) or (named or likely)[0]
    return "text/plain" if _is_text(head) else "application/octet-stream"


def kind_of(media_type: str) -> str:
    """`audio` and `video` are what a browser plays; pictures are told by whether they can be read as one."""
    return media_type.partition("/")[0] if media_type in _PLAYABLE.values() else "file"


def _package(head: bytes, named: list[str]) -> str | None:
    """Documents of many kinds are ZIP archives inside: only the name tells which."""
    return "application/zip" if head.startswith(b"PK\x03\x04") and not named else None


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return len(head) == _HEAD and error.start > _HEAD - 4  # cut in the middle of a letter
    return True
