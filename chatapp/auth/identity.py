"""Who sends this request: the user of a live session cookie or, for the API, of an access token. Never both."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Flask, Request, Response, g, request
from flask_login import LoginManager, UserMixin, current_user

from chatapp.auth import access_tokens, queries
from chatapp.auth.models import User, UserSession
from chatapp.common import limits
from chatapp.common.clock import now


class SessionOnlyLoginManager(LoginManager):
    """Flask-login without its remember cookie: our sessions are our own.

    Looking for that cookie after each request would open the session, and with it make even the files that everybody
    shares vary by cookie.
    """

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


login_manager = SessionOnlyLoginManager()
login_manager.login_view = "auth.login"
API_BLUEPRINT = "api"
_VISIT = timedelta(minutes=5)


class Identity(UserMixin):
    """A user, and the session or token that speaks for them."""

    def __init__(
        self, user: User, *, token: str, session_id: UUID | None = None, family_id: UUID | None = None
    ) -> None:
        self.user = user
        self.token = token
        self.session_id = session_id
        self.family_id = family_id

    @property
    def locale(self) -> str | None:
        return self.user.locale

    def get_id(self) -> str:
        """What flask-login keeps in the cookie: the session's token, so that a revoked session is nobody."""
        return self.token


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    app.jinja_env.globals["me"] = user_or_none


def user_or_none() -> User | None:
    """The user of this request, for templates."""
    return current_user.user if current_user.is_authenticated else None


def signed_in_user() -> User:
    """The user of this request; only for views that require one."""
    user: User = current_user.user
    return user


@login_manager.user_loader
def _from_cookie(token: str) -> Identity | None:
    if request.blueprint == API_BLUEPRINT or _has_been_asked():
        return None
    session = queries.live_session(token)
    if session and request.headers.get("Upgrade") is None:
        _note_visit(session)
    return Identity(session.user, token=token, session_id=session.id) if session else None


def _has_been_asked() -> bool:
    """flask-login asks once and keeps the answer, so a second question means that the first one failed: the page that
    says that the database is away is then shown to nobody in particular."""
    asked: bool = g.get("identity_asked", False)
    g.identity_asked = True
    return asked


def _note_visit(session: UserSession) -> None:
    """For the list of sessions. Seldom, so that pages stay reads; never for sockets, whose request lasts for hours."""
    moment = now()
    if moment - session.last_seen_at > _VISIT:
        session.last_seen_at, session.ip = moment, limits.caller()


@login_manager.request_loader
def _from_header(request: Request) -> Identity | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if request.blueprint != API_BLUEPRINT or scheme.lower() != "bearer":
        return None
    claims = access_tokens.claims_of(token)
    user = queries.user_of_family(claims.user_id, claims.family_id) if claims else None
    return Identity(user, token=token, family_id=claims.family_id) if claims and user else None
