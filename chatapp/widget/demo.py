"""The pretend customer's site, for development. It lives by a policy as strict as any customer's."""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, render_template_string

bp = Blueprint("widget_demo", __name__)

_PAGE = Path(__file__).parents[2] / "widget/demo.html"


@bp.get("/demo")
def demo() -> Response:
    """Also answered on the second port, so that the widget is seen from another site."""
    origin = current_app.extensions["chatapp.config"].public_url
    nonce = secrets.token_urlsafe(16)
    response = make_response(render_template_string(_PAGE.read_text(encoding="utf-8"), origin=origin, nonce=nonce))
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {origin}; frame-src {origin}; style-src 'nonce-{nonce}'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"  # the chat may have a window of its own
    return response
