"""Every account: the list, and one of them."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth import devices
from chatapp.auth import queries as auth
from chatapp.auth.identity import signed_in_user
from chatapp.auth.views.blueprint import close_sockets_of
from chatapp.backoffice.models import DEEDS
from chatapp.backoffice.queries import log, users
from chatapp.backoffice.services import users as accounts
from chatapp.backoffice.views.blueprint import asked, bp
from chatapp.common.htmx import move
from chatapp.common.permissions import requires_operator


@bp.get("/users")
@requires_operator
def user_list() -> Response:
    search, cursor = asked()
    page = users.page(search, cursor=cursor)
    return make_response(render_template("backoffice/users.html", page=page, search=search, is_first=cursor is None))


@bp.get("/users/<uuid:user_id>")
@requires_operator
def user(user_id: UUID) -> Response:
    found = users.user(user_id)
    return make_response(
        render_template(
            "backoffice/user.html",
            line=users.line(found),
            memberships=users.memberships(found),
            sessions=auth.sessions_of(found.id),
            devices=devices,
            entries=log.about(found.id),
            deeds=DEEDS,
        )
    )


@bp.post("/users/<uuid:user_id>/sessions/end")
@requires_operator
def log_out_user(user_id: UUID) -> Response:
    close_sockets_of(accounts.log_out(users.user(user_id), by=signed_in_user()))
    return _back(user_id, _("They are logged out everywhere."))


@bp.post("/users/<uuid:user_id>/unlock")
@requires_operator
def unlock_user(user_id: UUID) -> Response:
    accounts.unlock(users.user(user_id), by=signed_in_user())
    return _back(user_id, _("They can try again at once."))


@bp.post("/users/<uuid:user_id>/password-letter")
@requires_operator
def send_password_letter(user_id: UUID) -> Response:
    found = users.user(user_id)
    accounts.send_password_letter(found, by=signed_in_user())
    return _back(user_id, _("A link for a new password is on its way to %(email)s.", email=found.email))


def _back(user_id: UUID, done: str) -> Response:
    flash(done)
    return move(url_for("backoffice.user", user_id=user_id))
