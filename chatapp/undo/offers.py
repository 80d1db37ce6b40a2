"""How taking something back is offered: beside the words that say what was done."""

from __future__ import annotations

from flask import Response, url_for

from chatapp.common import htmx
from chatapp.undo.models import Deed


def offer(response: Response, text: str, deed: Deed | None) -> Response:
    """Say what was done, with Undo. Without a deed nothing has changed, and nothing is said."""
    return htmx.toast(response, text, undo=address_of(deed)) if deed else response


def address_of(deed: Deed) -> str:
    return url_for("undo.take_back", deed_id=deed.id)
