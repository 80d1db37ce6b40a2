"""The door: register, log in, log out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, make_response, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user

from chatapp.auth import services
from chatapp.auth.forms import LogInForm, RegisterForm
from chatapp.auth.identity import Identity
from chatapp.auth.models import User
from chatapp.auth.services import verification
from chatapp.auth.views.blueprint import bp, close_sockets_of, form_page
from chatapp.common import limits
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.i18n import LOCALES, choose_locale
from chatapp.common.permissions import requires_login


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
    return _enter(user, is_remembered=form.remember.data)


@bp.route("/register", methods=["GET", "POST"])
def register() -> Response:
    if current_user.is_authenticated:
        return move(url_for("workspaces.index"))
    form = RegisterForm()
    if not form.validate_on_submit():
        return form_page("auth/register.html", form)
    limits.hit(limits.REGISTER, "register", limits.caller())
    try:
        user = services.register(
            email=form.email.data or "",
            password=form.password.data or "",
            name=form.name.data or "",
            locale=choose_locale(),
        )
    except AppError as error:
        return form_page("auth/register.html", form, error=error)
    verification.ask(user)
    return _enter(user)


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
    return move(_back())


def _enter(user: User, *, is_remembered: bool = False) -> Response:
    """A new session; its cookie ends with the browser unless the person asked to be remembered."""
    agent = request.headers.get("User-Agent", "")
    token = services.start_session(user, ip=limits.caller(), user_agent=agent, is_remembered=is_remembered)
    session.permanent = is_remembered
    login_user(Identity(user, token=token))
    return make_response(redirect(_next(), code=303))


def _next() -> str:
    """Where the person was going, if that is a path of ours."""
    target = request.args.get("next", "")
    is_path = target.startswith("/") and not target.startswith(("//", "/\\")) and not urlsplit(target).netloc
    return target if is_path else url_for("workspaces.index")


def _back() -> str:
    referrer = urlsplit(request.referrer or "")
    return referrer.path if referrer.netloc == request.host else url_for("workspaces.index")
