"""Register, log in, log out; and for programs: issue tokens, refresh them, revoke them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from chatapp.auth import access_tokens, passwords, queries
from chatapp.auth.models import RefreshToken, User, UserSession
from chatapp.auth.tokens import hash_token, new_token
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7

SESSION_LIFE = timedelta(days=14)
REFRESH_LIFE = timedelta(days=30)


@dataclass(frozen=True)
class Tokens:
    """What a program is given: the access token for requests, the refresh token for the next pair."""

    access_token: str
    refresh_token: str
    expires_in: timedelta = access_tokens.LIFE


class TokenReusedError(Exception):
    """A refresh token came back after it had been used: somebody else has it. Its family must end."""

    def __init__(self, family_id: UUID) -> None:
        super().__init__(f"A refresh token of family {family_id} was used twice.")
        self.family_id = family_id


def register(*, email: str, password: str, name: str, locale: str | None) -> User:
    """Make an account. Raises `AppError` 422 when the address already has one."""
    user = User(email=email.strip().lower(), password_hash=passwords.hash_password(password), name=name, locale=locale)
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        taken = _("There is already an account with this address. Log in instead.")
        raise AppError(422, taken, fields={"email": taken}) from None
    return user


def authenticate(*, email: str, password: str) -> User:
    """The one way to turn a password into a user. Raises `AppError` 422, the same for every reason."""
    user = queries.user_by_email(email)
    if not passwords.matches(user.password_hash if user else None, password) or user is None:
        raise AppError(422, _("This address and password do not go together."))
    if passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    return user


def start_session(user: User, *, ip: str, user_agent: str) -> str:
    """Open a session and return the token for its cookie."""
    token, moment = new_token(), now()
    db.session.add(
        UserSession(
            user_id=user.id,
            token_hash=hash_token(token),
            last_seen_at=moment,
            expires_at=moment + SESSION_LIFE,
            ip=ip,
            user_agent=user_agent[:300],
        )
    )
    db.session.flush()
    return token


def end_session(token: str) -> None:
    """Revoke the session of this token, if there is one."""
    db.session.execute(update(UserSession).where(UserSession.token_hash == hash_token(token)).values(revoked_at=now()))


def issue_tokens(user: User, *, family_id: UUID | None = None) -> Tokens:
    """A pair of tokens: the first of a new family, or the next one of a family that is being refreshed."""
    family_id, token, moment = family_id or uuid7(), new_token(), now()
    db.session.add(
        RefreshToken(
            user_id=user.id, family_id=family_id, token_hash=hash_token(token), expires_at=moment + REFRESH_LIFE
        )
    )
    db.session.flush()
    return Tokens(access_tokens.issue(access_tokens.Claims(user.id, family_id)), token)


def refresh_tokens(token: str) -> Tokens:
    """The next pair of a family. Raises `AppError` 401, and `TokenReusedError` for the caller to end the family."""
    found, moment = queries.refresh_token(token), now()
    if found is None or found.revoked_at is not None or found.expires_at <= moment:
        raise AppError(401, _("This refresh token is not valid. Log in again."))
    if found.used_at is not None:
        raise TokenReusedError(found.family_id)
    found.used_at = moment
    return issue_tokens(found.user, family_id=found.family_id)


def revoke_tokens(token: str) -> None:
    """End the family of this refresh token, if there is one."""
    found = queries.refresh_token(token)
    if found is not None:
        revoke_family(found.family_id)


def revoke_family(family_id: UUID) -> None:
    """None of its refresh tokens gives a new pair, and its access tokens are nobody's from now on."""
    statement = update(RefreshToken).where(RefreshToken.family_id == family_id, RefreshToken.revoked_at.is_(None))
    db.session.execute(statement.values(revoked_at=now()))
