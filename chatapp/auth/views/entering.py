"""The last step of every way in: a session of one's own, and the page where one was going."""

from __future__ import annotations

from flask import Response, current_app, make_response, redirect, request, session, url_for
from flask_login import current_user, login_user

from chatapp.auth import services
from chatapp.auth.identity import Identity
from chatapp.auth.models import User
from chatapp.auth.services import history
from chatapp.auth.services.history import Way
from chatapp.auth.tokens import new_token
from chatapp.auth.views.blueprint import close_sockets_of
from chatapp.common import limits
from chatapp.common.security import is_own_path

_COOKIE = "browser"
_COOKIE_SECONDS = 365 * 24 * 3600


def enter(user: User, *, way: Way = "password", is_remembered: bool = False, to: str | None = None) -> Response:
    """A new session, which leads to where the person was going unless `to` is given; its cookie ends with the browser
    unless they asked to be remembered. Whoever was in before in this browser is out."""
    if current_user.is_authenticated:
        services.end_session(current_user.token)
        close_sockets_of([current_user.session_id])
    agent = request.headers.get("User-Agent", "")
    token = services.start_session(user, ip=limits.caller(), user_agent=agent, is_remembered=is_remembered)
    browser = request.cookies.get(_COOKIE) or new_token()
    history.note(user, way, browser=browser)
    session.permanent = is_remembered
    login_user(Identity(user, token=token))
    response = make_response(redirect(to or _next(), code=303))
    _remember_browser(response, browser)
    return response


def _remember_browser(response: Response, browser: str) -> None:
    """By a random cookie that opens nothing: only so that a browser that was here before is no news."""
    is_https = current_app.extensions["chatapp.config"].is_https
    response.set_cookie(
        _COOKIE, browser, max_age=_COOKIE_SECONDS, secure=is_https, httponly=True, samesite="Lax", path="/"
    )


def _next() -> str:
    """Where the person was going, if that is a path of ours."""
    target = request.args.get("next", "")
    return target if is_own_path(target) else url_for("workspaces.index")
