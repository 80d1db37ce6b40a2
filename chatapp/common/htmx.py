"""The server's side of htmx: one URL is a page, or under `HX-Request` the page's main fragment."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, make_response, redirect, render_template, request


def is_htmx() -> bool:
    """Whether htmx asks for a fragment; a history restore wants the whole page."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def page(template: str, *, fragment: str, status: int = 200, **context: Any) -> Response:
    """The page, or only its fragment when htmx asks. Caches keep the two apart."""
    response = make_response(render_template(fragment if is_htmx() else template, **context), status)
    response.headers["Vary"] = "HX-Request"
    return response


def move(url: str) -> Response:
    """Send the browser elsewhere after a form: 303 for a plain form, `HX-Redirect` for htmx."""
    if not is_htmx():
        return make_response(redirect(url, code=303))
    response = make_response("", 204)
    response.headers["HX-Redirect"] = url
    return response


def toast(response: Response, text: str, *, tone: str = "success") -> Response:
    """Show a short message once the response has arrived."""
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": text, "tone": tone}})
    return response
