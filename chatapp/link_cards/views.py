"""The pictures of cards, at addresses that nobody guesses."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from chatapp.common import pictures, tenancy
from chatapp.common.errors import not_found
from chatapp.link_cards import queries

bp = Blueprint("link_pictures", __name__)

_HEX = 32


@bp.get("/link-pictures/<token>")
def show(token: str) -> Response:
    """The token begins with its workspace. Visitors and agents have it from a message that they may see."""
    try:
        workspace_id = UUID(hex=token[:_HEX])
    except ValueError:
        raise not_found() from None
    tenancy.enter(workspace_id)
    return pictures.answer(queries.picture(token[_HEX:]))
