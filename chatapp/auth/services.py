"""Register, log in, log out."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from chatapp.auth import passwords, queries
from chatapp.auth.models import User, UserSession
from chatapp.auth.tokens import hash_token, new_token
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError

SESSION_LIFE = timedelta(days=14)


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
