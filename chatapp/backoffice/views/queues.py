"""What waits and what died, of every workspace."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import ngettext

from chatapp.auth.identity import signed_in_user
from chatapp.backoffice.queries import queues as found
from chatapp.backoffice.services import queues
from chatapp.backoffice.views.blueprint import asked, bp
from chatapp.common.errors import not_found
from chatapp.common.htmx import move
from chatapp.common.permissions import requires_operator
from chatapp.deliveries.words import words_of


@bp.get("/queues")
@requires_operator
def queue_list() -> Response:
    return make_response(
        render_template(
            "backoffice/queues.html",
            deliveries=found.delivery_kinds(),
            letters=found.letter_kinds(),
            words_of=words_of,
        )
    )


@bp.get("/queues/deliveries/<kind>")
@requires_operator
def dead_deliveries(kind: str) -> Response:
    _search, cursor = asked()
    page = found.dead_deliveries(kind, cursor=cursor)
    return make_response(
        render_template(
            "backoffice/dead_deliveries.html", page=page, kind=kind, words_of=words_of, is_first=cursor is None
        )
    )


@bp.get("/queues/letters/<kind>")
@requires_operator
def dead_letters(kind: str) -> Response:
    _search, cursor = asked()
    page = found.dead_letters(kind, cursor=cursor)
    return make_response(render_template("backoffice/dead_letters.html", page=page, kind=kind, is_first=cursor is None))


@bp.post("/queues/deliveries/<kind>/retry")
@requires_operator
def retry_deliveries(kind: str) -> Response:
    return _retried(queues.retry_deliveries, kind, "backoffice.dead_deliveries")


@bp.post("/queues/deliveries/<kind>/discard")
@requires_operator
def discard_deliveries(kind: str) -> Response:
    return _discarded(queues.discard_deliveries, kind, "backoffice.dead_deliveries")


@bp.post("/queues/letters/<kind>/retry")
@requires_operator
def retry_letters(kind: str) -> Response:
    return _retried(queues.retry_letters, kind, "backoffice.dead_letters")


@bp.post("/queues/letters/<kind>/discard")
@requires_operator
def discard_letters(kind: str) -> Response:
    return _discarded(queues.discard_letters, kind, "backoffice.dead_letters")


def _retried(work: Callable[..., int], kind: str, back: str) -> Response:
    count = work(kind, only=_chosen(), by=signed_in_user())
    flash(ngettext("%(num)s is tried again now.", "%(num)s are tried again now.", count))
    return move(url_for(back, kind=kind))


def _discarded(work: Callable[..., int], kind: str, back: str) -> Response:
    count = work(kind, only=_chosen(), by=signed_in_user())
    flash(ngettext("%(num)s is given up.", "%(num)s are given up.", count))
    return move(url_for(back, kind=kind))


def _chosen() -> UUID | None:
    """The one that a form names; None for all of the kind. Raises `AppError` 404."""
    raw = request.form.get("only", "")
    try:
        return UUID(raw) if raw else None
    except ValueError:
        raise not_found() from None
