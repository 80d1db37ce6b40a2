"""Expected refusals, and how every failure is answered: a page, a fragment or problem+json, with one plain sentence."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from chatapp.common import i18n
from chatapp.common.htmx import is_htmx

log = structlog.get_logger()

DATABASE_AWAY = (OperationalError, PoolTimeout)
_JSON_PREFIXES = ("/api/", "/widget/", "/hooks/")


class AppError(Exception):
    """An expected refusal: an HTTP status and a sentence for the person in front of the screen.

    `fields` maps names of inputs to sentences; `retry_after` is in seconds; `title` stands on its page in place of the
    words that go with its status.
    """

    def __init__(
        self,
        status: int,
        sentence: str,
        *,
        fields: dict[str, str] | None = None,
        retry_after: int | None = None,
        title: str | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.fields = fields or {}
        self.retry_after = retry_after
        self.title = title


def not_found() -> AppError:
    """The same answer for what never existed and for what belongs to somebody else."""
    return AppError(404, _("This does not exist, or you have no access to it."))


def unavailable() -> AppError:
    """What anybody is told while one of `DATABASE_AWAY` is raised."""
    return AppError(503, _("The database is not answering. Nothing was saved; try again in a moment."), retry_after=2)


def init_app(app: Flask) -> None:
    app.register_error_handler(AppError, answer)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(PoolTimeout, _unavailable)
    app.register_error_handler(DataError, _unreadable)
    app.register_error_handler(HTTPException, _http)


def answer(error: AppError) -> Response:
    """An `AppError` in the form that the client reads."""
    if request.path.startswith(_JSON_PREFIXES) and not _wants_page():
        response = _problem(error)
    elif is_htmx():
        response = make_response(render_template("errors/fragment.html", error=error), error.status)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#notices", "innerHTML"
    else:
        title = HTTPStatus(error.status).phrase
        response = make_response(render_template("errors/page.html", error=error, title=title), error.status)
    return tell_wait(response, error)


def tell_wait(response: Response, error: AppError) -> Response:
    """Say when to try again, for views that show a refusal on a page of their own."""
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def problem(error: AppError) -> dict[str, object]:
    """RFC 9457 members, for HTTP and for socket frames."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.sentence,
    }
    if error.fields:
        body["errors"] = error.fields
    return body


def _problem(error: AppError) -> Response:
    response = jsonify(problem(error))
    response.status_code = error.status
    response.mimetype = "application/problem+json"
    return response


def _wants_page() -> bool:
    """The widget's iframe page shares its prefix with the widget's JSON."""
    return request.method == "GET" and request.headers.get("Sec-Fetch-Dest") in ("iframe", "document")


def _csrf(_error: CSRFError) -> Response:
    return answer(AppError(400, _("This page has been open for too long. Reload it and try again.")))


def _unavailable(error: Exception) -> Response:
    log.warning("database.unavailable", error=str(error).splitlines()[0])
    i18n.trust_browser()
    return answer(unavailable())


def _unreadable(error: DataError) -> Response:
    """What no column can hold, such as a NUL in an address: nothing by that name exists, and nothing was saved."""
    log.warning("database.refused_value", error=str(error.orig))
    return answer(AppError(400, _("The request could not be read.")))


def _http(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError):
        original = error.original_exception
        if isinstance(original, OperationalError | PoolTimeout):
            return _unavailable(original)
        return answer(AppError(500, _("Something went wrong on our side. It has been noted.")))
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        response: Response = make_response(error.get_response())
        return response
    response = answer(AppError(error.code, _http_sentence(error.code)))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _http_sentence(code: int) -> str:
    sentences = {
        400: _("The request could not be read."),
        401: _("Log in to continue."),
        403: _("You are not allowed to do this."),
        404: _("This does not exist, or you have no access to it."),
        405: _("This address does not take that kind of request."),
        413: _("This is too large."),
        415: _("This kind of content is not understood here."),
        429: _("Too many requests. Wait a moment and try again."),
    }
    return sentences.get(code, HTTPStatus(code).phrase)
