"""Make an account, and turn a password into its user."""

from __future__ import annotations

from typing import TypedDict

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.auth import passwords, queries
from chatapp.auth.models import User
from chatapp.auth.services import api_tokens, history, lockout, personal_tokens, suspension
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.pictures import Picture


class NewAccount(TypedDict):
    """What people type who want an account."""

    email: str
    password: str
    name: str
    locale: str | None


def register(*, email: str, password: str, name: str, locale: str | None, is_verified: bool = False) -> User:
    """Make an account. Raises `AppError` 422 when the address already has one: only for those who may know."""
    user = User(email=email.strip().lower(), password_hash=passwords.hash_password(password), name=name, locale=locale)
    user.email_verified_at = now() if is_verified else None
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        taken = _("There is already an account with this address. Log in instead.")
        raise AppError(422, taken, fields={"email": taken}) from None
    return user


def authenticate(*, email: str, password: str) -> User:
    """The one way to turn a password into a user. Raises `AppError` 422, the same for every reason; 429 for a while
    after too many; 403 for a suspended account. A failure is recorded in a transaction of its own, which ends the
    caller's."""
    door = lockout.door("password", email)
    lockout.refuse_if_shut(door)
    user = queries.user_by_email(email)
    if not passwords.matches(user.password_hash if user else None, password) or user is None:
        lockout.note_failure(door)
        history.note_refusal(email, "password")
        raise AppError(422, _("This address and password do not go together."))
    lockout.note_success(door)
    suspension.refuse_suspended(user)
    if user.password_hash and passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    return user


def check_password(user: User, password: str, *, field: str) -> None:
    """Of somebody who is in already: raises `AppError` 422 about that field, and counts at the door as `authenticate`
    does."""
    door = lockout.door("password", user.email)
    lockout.refuse_if_shut(door)
    if not passwords.matches(user.password_hash, password):
        lockout.note_failure(door)
        history.note_refusal(user.email, "password")
        wrong = _("This is not your current password.")
        raise AppError(422, wrong, fields={field: wrong})
    lockout.note_success(door)


def change_avatar(user: User, picture: Picture | None) -> None:
    """Another picture has another address; the old one leads nowhere from now on."""
    user.avatar, user.avatar_token = (picture.content, picture.token) if picture else (None, None)


def change_password(user: User, *, current: str, new: str, revoke_tokens: bool = False) -> None:
    """And log out every program; access tokens go on working unless they are to go, too: see docs/decisions/0022.

    Raises `AppError` 422 when the current one is wrong. Ending the other sessions is the caller's next step, who knows
    which one is this.
    """
    check_password(user, current, field="current")
    user.password_hash = passwords.hash_password(new)
    api_tokens.revoke_all(user)
    if revoke_tokens:
        personal_tokens.revoke_all(user)
