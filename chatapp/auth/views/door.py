"""The door: log in, log out."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_login import current_user, logout_user

from chatapp.auth import services
from chatapp.auth.forms import LogInForm
from chatapp.auth.models import User
from chatapp.auth.services import two_factor
from chatapp.auth.views.blueprint import bp, close_sockets_of, form_page
from chatapp.auth.views.entering import enter
from chatapp.auth.views.two_factor import ask_for_second_step
from chatapp.common import limits
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.i18n import LOCALES
from chatapp.common.permissions import requires_login
from chatapp.common.security import own_referrer


@bp.route("/login", methods=["GET", "POST"])
def login() -> Response:
    if current_user.is_authenticated:
        return move(url_for("workspaces.index"))
    form = LogInForm()
    if not form.validate_on_submit():
        return form_page("auth/login.html", form)
    limits.hit_log_in(form.email.data or "")
    try:
        user = services.authenticate(email=form.email.data or "", password=form.password.data or "")
    except AppError as error:
        return form_page("auth/login.html", form, error=error)
    if two_factor.is_on(user):
        return ask_for_second_step(user, is_remembered=form.remember.data)
    return enter(user, is_remembered=form.remember.data)


@bp.post("/logout")
@requires_login
def logout() -> Response:
    services.end_session(current_user.token)
    close_sockets_of([current_user.session_id])
    logout_user()
    return move(url_for("auth.login"))


@bp.post("/preferences")
@requires_login
def preferences() -> Response:
    """Language and theme: the person's own, kept with the account."""
    user: User = current_user.user
    if request.form.get("locale") in LOCALES:
        user.locale = request.form["locale"]
    if request.form.get("theme") in ("system", "light", "dark"):
        user.theme = request.form["theme"]
    return move(own_referrer() or url_for("workspaces.index"))
