"""The last step of every way in: a session of one's own, and the page where one was going."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, make_response, redirect, request, session, url_for
from flask_login import login_user

from chatapp.auth import services
from chatapp.auth.identity import Identity
from chatapp.auth.models import User
from chatapp.common import limits


def enter(user: User, *, is_remembered: bool = False) -> Response:
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
