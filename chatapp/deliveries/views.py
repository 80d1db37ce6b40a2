"""Settings → Delivery problems: nothing fails silently."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from chatapp.auth.identity import signed_in_user
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.deliveries import permissions, queries, services
from chatapp.deliveries.words import words_of

bp = Blueprint("deliveries", __name__)


@bp.get("/settings/deliveries")
@requires(permissions.MANAGE)
def index() -> Response:
    cursor = request.args.get("cursor")
    page = queries.dead(cursor=cursor)
    return make_response(
        render_template("deliveries/index.html", page=page, words_of=words_of, is_first=cursor is None)
    )


@bp.post("/settings/deliveries/<uuid:delivery_id>/retry")
@requires(permissions.MANAGE)
def retry(delivery_id: UUID) -> Response:
    services.retry(queries.dead_one(delivery_id), by=signed_in_user())
    return _back(_("It is tried again now."))


@bp.post("/settings/deliveries/<uuid:delivery_id>/discard")
@requires(permissions.MANAGE)
def discard(delivery_id: UUID) -> Response:
    services.discard(queries.dead_one(delivery_id), by=signed_in_user())
    return _back(_("It is given up."))


@bp.post("/settings/deliveries/retry")
@requires(permissions.MANAGE)
def retry_all() -> Response:
    count = services.retry_all(by=signed_in_user())
    return _back(ngettext("%(num)s is tried again now.", "%(num)s are tried again now.", count))


@bp.post("/settings/deliveries/discard")
@requires(permissions.MANAGE)
def discard_all() -> Response:
    count = services.discard_all(by=signed_in_user())
    return _back(ngettext("%(num)s is given up.", "%(num)s are given up.", count))


def _back(done: str) -> Response:
    flash(done)
    return move(url_for("deliveries.index"))
