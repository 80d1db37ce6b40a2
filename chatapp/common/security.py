"""What the browser is told, and what a request must prove: headers, nonces, CSRF and origin."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect

from chatapp.common.errors import AppError

csrf = CSRFProtect()

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; "
    "img-src 'self' data: blob:{files}; media-src 'self' blob:{files}; "
    "connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {ancestors}{frames}"
)
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    app.before_request(refuse_foreign_origin)
    app.after_request(_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """The nonce of this response, made at first use."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def allow_framing(ancestors: str) -> None:
    """Let these sources frame the response (`frame-ancestors` syntax). Only the widget's page asks for it."""
    g.frame_ancestors = ancestors


def allow_frames() -> None:
    """Let the response frame pages of ours, where they let themselves be framed."""
    g.may_frame = True


def is_own_origin(origin: str) -> bool:
    """Whether an `Origin` header names this installation: the host that was asked, or the public address."""
    return urlsplit(origin).netloc in (
        request.host,
        urlsplit(current_app.extensions["chatapp.config"].public_url).netloc,
    )


def is_own_path(target: str) -> bool:
    """Whether an address that came with the request is a path of ours, to which people may be sent."""
    return target.startswith("/") and not target.startswith(("//", "/\\")) and not urlsplit(target).netloc


def own_referrer() -> str | None:
    """The path of the page that the request came from, if it is ours."""
    referrer = urlsplit(request.referrer or "")
    return referrer.path if referrer.netloc == request.host else None


def refuse_foreign_origin() -> None:
    """The second fence after the CSRF token, and the first for sockets, which browsers open across origins."""
    is_upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
    if request.method in _SAFE_METHODS and not is_upgrade:
        return
    origin = request.headers.get("Origin")
    if origin is not None and is_own_origin(origin):
        return
    if _carries_no_cookie_authority():
        return
    if is_upgrade or origin is not None or request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise AppError(403, _("This request came from another site."))


def _carries_no_cookie_authority() -> bool:
    """The API takes bearer tokens and the widget its own; neither looks at the dashboard's cookie."""
    return request.blueprint in ("api", "widget")


def _headers(response: Response) -> Response:
    headers = response.headers
    if response.mimetype == "text/html":
        files_url = current_app.extensions["chatapp.config"].files_url
        files = f" {files_url}" if files_url else ""
        ancestors, frames = g.get("frame_ancestors", "'none'"), "; frame-src 'self'" if g.get("may_frame") else ""
        policy = _POLICY.format(nonce=csp_nonce(), ancestors=ancestors, files=files, frames=frames)
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("Cache-Control", "no-store")
    else:
        headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Permissions-Policy", _PERMISSIONS)
    if "frame_ancestors" not in g:
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if current_app.extensions["chatapp.config"].is_https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response
