"""What only developers see: the style guide, and the letters that were not sent. Never registered in production."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, render_template

from chatapp.common import postbox
from chatapp.common.errors import not_found

bp = Blueprint("development", __name__)

_LETTERS = 50
_LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@bp.get("/styleguide")
def styleguide() -> Response:
    return make_response(render_template("styleguide/show.html"))


@bp.get("/dev/mail")
def mail() -> Response:
    """Letters that stayed here because no SMTP_URL is set, the newest first."""
    return make_response(render_template("development/mail.html", letters=postbox.kept(_LETTERS)))


@bp.get("/dev/mail/<uuid:mail_id>")
def letter(mail_id: UUID) -> Response:
    """A letter as a mail program shows it: with its own styles, which our pages may not have."""
    found = postbox.kept_letter(mail_id)
    if found is None:
        raise not_found()
    return make_response(found.html, 200, {"Content-Security-Policy": _LETTER_POLICY})
