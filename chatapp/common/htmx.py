"""The server's side of htmx: one URL is a page, or under `HX-Request` the page's main fragment."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request


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


def toast(response: Response, text: str, *, tone: str = "success", undo: str | None = None) -> Response:
    """Show a short message once the response has arrived; with `undo`, an address to post to, it can be taken back."""
    return trigger(response, "toast", {"text": text, "tone": tone, "undo": undo})


def toast_there(text: str, *, undo: str) -> None:
    """As `toast`, on the page to which the browser goes now."""
    flash(text, undo)


def trigger(response: Response, name: str, detail: dict[str, Any]) -> Response:
    """Have an event happen in the page beside those that the response brings already."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps({**events, name: detail})
    return response
