"""Styles, scripts and pictures at addresses that never change their content: `/static/<hash of the tree>/…`.

One hash names the whole tree, so relative imports between modules and fonts in styles need no rewriting. Compressed
forms are made once, in memory.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import brotli
from flask import Flask, Response, abort, request

from chatapp.common.assets import bundle
from chatapp.common.scripts import script

_IMMUTABLE = "public, max-age=31536000, immutable"
_TEXT = ("text/", "application/javascript", "application/json", "image/svg")
_HASH_LENGTH = 12
_LOOK_EVERY_SECONDS = 1.0
_STYLES, _SCRIPT = "css/app.css", "js/app.js"


@dataclass
class Asset:
    """One file with its compressed forms."""

    content: bytes
    mimetype: str

    @cached_property
    def brotli(self) -> bytes:
        compressed: bytes = brotli.compress(self.content, quality=11)
        return compressed

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.content, 9, mtime=0)

    @property
    def is_text(self) -> bool:
        return self.mimetype.startswith(_TEXT)

    def response(self) -> Response:
        """The form that this client takes."""
        response = Response(self.content, mimetype=self.mimetype)
        if self.is_text:
            response.headers["Vary"] = "Accept-Encoding"
            for name in ("br", "gzip"):
                if name in request.accept_encodings:
                    response.set_data(self.brotli if name == "br" else self.gzip)
                    response.headers["Content-Encoding"] = name
                    break
        response.set_etag(hashlib.sha256(self.content).hexdigest()[:32])
        return response


class StaticFiles:
    """The tree below one folder, read into memory once, or at each change in development, where the dashboard's modules
    are also asked for one by one, so that each stands in the browser's tools under its own name."""

    def __init__(self, folder: Path, *, reload: bool) -> None:
        self._folder = folder
        self._reload = reload
        self._stamp = 0.0
        self._looked_at = 0.0
        self._load()

    def _load(self) -> None:
        files = sorted(path for path in self._folder.rglob("*") if path.is_file())
        self._stamp = max((path.stat().st_mtime for path in files), default=0.0)
        self._assets = {path.relative_to(self._folder).as_posix(): _read(path) for path in files}
        self._assets[_STYLES] = Asset(bundle(self._folder).encode(), "text/css")
        if not self._reload:
            self._assets[_SCRIPT] = Asset(script(self._folder / "js").encode(), self._assets[_SCRIPT].mimetype)
        digest = hashlib.sha256()
        for name, asset in sorted(self._assets.items()):
            digest.update(name.encode() + asset.content)
        self.version = digest.hexdigest()[:_HASH_LENGTH]

    def fresh(self) -> StaticFiles:
        """Itself, read anew if a file has changed; looks at most once a second, and never in production."""
        if not self._reload or time.monotonic() < self._looked_at + _LOOK_EVERY_SECONDS:
            return self
        self._looked_at = time.monotonic()
        if self._stamp < max(path.stat().st_mtime for path in self._folder.rglob("*")):
            self._load()
        return self

    def asset(self, name: str) -> Asset | None:
        return self._assets.get(name)

    def compress(self) -> None:
        """Make every compressed form now, so that no visitor waits for one."""
        for asset in self._assets.values():
            if asset.is_text:
                _ = asset.brotli, asset.gzip


def init_app(app: Flask, *, folder: Path, reload: bool, compress: bool) -> None:
    files = StaticFiles(folder, reload=reload)
    if compress:
        files.compress()
    app.extensions["chatapp.static"] = files

    def static(version: str, filename: str) -> Response:
        found = files.asset(filename)
        if found is None:
            abort(404)
        response = found.response()
        response.headers["Cache-Control"] = _IMMUTABLE if version == files.version else "no-cache"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response.make_conditional(request)  # type: ignore[return-value]

    def asset(filename: str) -> str:
        """The address of a static file; unlike `url_for` it works where there is no request, in streams."""
        return f"/static/{files.fresh().version}/{filename}"

    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/static/<version>/<path:filename>", endpoint="static", view_func=static)


def _read(path: Path) -> Asset:
    return Asset(path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream")
