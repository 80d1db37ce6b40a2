"""Make an account, and turn a password into its user."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.auth import passwords, queries
from chatapp.auth.models import User
from chatapp.auth.services import api_tokens, lockout
from chatapp.common.db import db
from chatapp.common.errors import AppError


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
    """The one way to turn a password into a user. Raises `AppError` 422, the same for every reason, and 429 for a while
    after too many. A failure is recorded in a transaction of its own, which ends the caller's."""
    door = lockout.door("password", email)
    lockout.refuse_if_shut(door)
    user = queries.user_by_email(email)
    if not passwords.matches(user.password_hash if user else None, password) or user is None:
        lockout.note_failure(door)
        raise AppError(422, _("This address and password do not go together."))
    lockout.note_success(door)
    if passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    return user


def change_password(user: User, *, current: str, new: str) -> None:
    """And end every program's tokens. Raises `AppError` 422 when the current one is wrong. Ending the other sessions is
    the caller's next step, who knows which one is this."""
    if not passwords.matches(user.password_hash, current):
        wrong = _("This is not your current password.")
        raise AppError(422, wrong, fields={"current": wrong})
    user.password_hash = passwords.hash_password(new)
    api_tokens.revoke_all(user)
