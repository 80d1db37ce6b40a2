"""Pictures as people send them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture_file(kind: str = "PNG", size: tuple[int, int] = (300, 200), colour: str = "red", **options: Any) -> bytes:
    """The content of a picture of one colour."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind, **options)
    return made.getvalue()


def picture_bomb(side: int) -> bytes:
    """The head of a PNG that says it is enormous."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100_000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def upload(content: bytes, name: str = "me.png", field: str = "picture") -> dict[str, Any]:
    """A form with a file in it, as arguments of a test client's `post`."""
    head = f'--edge\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--edge--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=edge"}
