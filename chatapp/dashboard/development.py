"""What only developers see: the style guide. Never registered in production."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

bp = Blueprint("development", __name__)


@bp.get("/styleguide")
def styleguide() -> Response:
    return make_response(render_template("styleguide/show.html"))
