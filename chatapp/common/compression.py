"""HTML and JSON leave compressed: where we run there may be no proxy in front to do it."""

from __future__ import annotations

import gzip

import brotli
from flask import Flask, Response, request

_MIN_BYTES = 600
_BROTLI_QUALITY = 4
_GZIP_LEVEL = 5
_TYPES = frozenset({"text/html", "application/json", "text/css", "text/javascript"})


def init_app(app: Flask) -> None:
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress what is text, large enough and not compressed yet, in the best form that the client takes."""
    if response.mimetype not in _TYPES or response.direct_passthrough or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    encoding = next((name for name in ("br", "gzip") if name in request.accept_encodings), None)
    body = response.get_data()
    if encoding is None or len(body) < _MIN_BYTES:
        return response
    if encoding == "br":
        response.set_data(brotli.compress(body, quality=_BROTLI_QUALITY))
    else:
        response.set_data(gzip.compress(body, _GZIP_LEVEL))
    response.headers["Content-Encoding"] = encoding
    return response
