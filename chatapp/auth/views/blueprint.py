"""What the pages of accounts hang on."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import Blueprint, Response, after_this_request, make_response, render_template
from flask_wtf import FlaskForm

from chatapp.common.errors import AppError
from chatapp.common.realtime import broadcast

bp = Blueprint("auth", __name__)
account_bp = Blueprint("account", __name__)

_FIRST_FAILURE = 400


def form_page(
    template: str, form: FlaskForm, error: AppError | None = None, *, status: int | None = None, **context: object
) -> Response:
    """The page of a form: 422 when it comes back with errors, or what the refusal says."""
    status = status or (error.status if error else 422 if form.errors else 200)
    response = make_response(render_template(template, form=form, error=error, **context), status)
    if error and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def close_sockets_of(session_ids: Iterable[UUID]) -> None:
    """Once their end is committed, close what these sessions have open."""

    @after_this_request
    def close(response: Response) -> Response:
        if response.status_code < _FIRST_FAILURE:
            for session_id in session_ids:
                broadcast.close_sockets(session_id=session_id)
        return response
