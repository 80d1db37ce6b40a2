"""Who sends this request: the user of a live session cookie or, for the API, of a bearer token: an access token that a
program got by logging in, or a personal one. Never both."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, Request, Response, g, request
from flask_login import LoginManager, UserMixin, current_user

from chatapp.auth import access_tokens, queries
from chatapp.auth.models import PersonalToken, User, UserSession
from chatapp.auth.services import personal_tokens
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
        self,
        user: User,
        *,
        token: str,
        session_id: UUID | None = None,
        proved_at: datetime | None = None,
        family_id: UUID | None = None,
        impersonator: User | None = None,
        only_workspace_id: UUID | None = None,
        personal_token: PersonalToken | None = None,
    ) -> None:
        self.user = user
        self.token = token
        self.session_id = session_id
        self.proved_at = proved_at
        self.family_id = family_id
        self.impersonator = impersonator
        self.only_workspace_id = only_workspace_id
        self.personal_token = personal_token

    @property
    def locale(self) -> str | None:
        return self.user.locale

    @property
    def program_id(self) -> UUID | None:
        """Of the program that asks, however often its tokens are refreshed; None for a browser."""
        return self.personal_token.id if self.personal_token else self.family_id

    @property
    def scopes(self) -> Collection[str] | None:
        """What it may do at most; None means whatever its person may."""
        return self.personal_token.scopes if self.personal_token else None

    def may_enter(self, workspace_id: UUID) -> bool:
        """Whether this workspace is open to it, if its person belongs there."""
        return self.only_workspace_id in (None, workspace_id)

    def get_id(self) -> str:
        """What flask-login keeps in the cookie: the session's token, so that a revoked session is nobody."""
        return self.token


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    app.jinja_env.globals.update(me=user_or_none, impersonator=impersonator_or_none)


def user_or_none() -> User | None:
    """The user of this request, for templates."""
    return current_user.user if current_user.is_authenticated else None


def impersonator_or_none() -> User | None:
    """The operator who stands in for the user of this request. Asks nothing of the database, for pages of errors."""
    impersonator: User | None = g.get("impersonator")
    return impersonator


def signed_in_user() -> User:
    """The user of this request; only for views that require one."""
    user: User = current_user.user
    return user


@login_manager.user_loader
def _from_cookie(token: str) -> Identity | None:
    if request.blueprint == API_BLUEPRINT or _has_been_asked():
        return None
    session = queries.live_session(token)
    if session is None or not _may_still_speak(session):
        return None
    if request.headers.get("Upgrade") is None:
        _note_visit(session)
    g.impersonator = session.impersonator
    return identity_of(session, token)


def identity_of(session: UserSession, token: str) -> Identity:
    """Whom a live session speaks for."""
    return Identity(
        session.user,
        token=token,
        session_id=session.id,
        proved_at=session.proved_at,
        impersonator=session.impersonator,
        only_workspace_id=session.only_workspace_id,
    )


def _may_still_speak(session: UserSession) -> bool:
    """Neither for a suspended account, nor for an operator who is none any more."""
    operator = session.impersonator
    is_void = operator is not None and (not operator.is_operator or operator.is_suspended)
    return not session.user.is_suspended and not is_void


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
    if token.startswith(personal_tokens.PREFIX):
        found = personal_tokens.bearer(token)
        return _of_personal_token(found, token) if found else None
    claims = access_tokens.claims_of(token)
    user = queries.user_of_family(claims.user_id, claims.family_id) if claims else None
    return Identity(user, token=token, family_id=claims.family_id) if claims and user else None


def _of_personal_token(found: PersonalToken, token: str) -> Identity:
    return Identity(found.user, token=token, personal_token=found, only_workspace_id=found.restricted_to)
