"""Registering where letters arrive: the account is made by the link of a letter, so the form answers everybody alike.

The form keeps what was typed and posts a letter, whatever the address. In the worker the letter becomes the link that
makes the account or, where the address has one, the news that somebody tried (docs/decisions/0013). What was typed
makes an account only for whoever has both the mailbox and the password: the browser that registered, or one in which
the password is typed again. A mailbox's owner never confirms the password of a stranger.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from chatapp.auth import passwords, queries
from chatapp.auth.models import Registration, User
from chatapp.auth.services import lockout
from chatapp.auth.tokens import hash_token, new_token
from chatapp.common import postbox
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError

LETTER = "registration"
LIFE = timedelta(days=3)


def ask(*, email: str, password: str, name: str, locale: str | None, next: str | None) -> Registration:
    """Keep what was typed, and have a letter sent that leads to the account and then to `next`."""
    token = new_token()
    wanted = Registration(
        email=email.strip().lower(),
        name=name,
        password_hash=passwords.hash_password(password),
        locale=locale,
        token_hash=hash_token(token),
        expires_at=now() + LIFE,
    )
    db.session.add(wanted)
    db.session.flush()
    where = {"token": token} | ({"next": next} if next else {})
    postbox.post(LETTER, to=wanted.email, locale=locale, link=postbox.link("auth.complete_registration", **where))
    return wanted


def prepare(email: str, facts: postbox.Facts) -> postbox.Addressed:
    """In the worker: the link to a new account, or the news for the owner of the one that is there."""
    user = queries.user_by_email(email)
    if user is None:
        return postbox.Addressed(email, None, facts)
    links = {"link": postbox.link("auth.login"), "forgotten": postbox.link("auth.forgotten_password")}
    return postbox.Addressed(user.email, user.locale, {"name": user.name, **links}, kind="registered_already")


def complete(token: str, *, begun: UUID | None, password: str | None) -> User | None:
    """Make the account; its address is confirmed. `begun` is the registration that this browser began, if any; another
    browser needs the password. None for a link that is over, or of no use because the address has an account meanwhile.

    Raises `AppError` 422 for a wrong password, and 429 after too many. A failure is recorded in a transaction of its
    own, which ends the caller's.
    """
    wanted = queries.registration(token)
    if wanted is None:
        return None
    if begun != wanted.id:
        _check_password(wanted, password or "")
    user = User(
        email=wanted.email,
        password_hash=wanted.password_hash,
        name=wanted.name,
        locale=wanted.locale,
        email_verified_at=now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        return None
    db.session.execute(delete(Registration).where(Registration.email == wanted.email))
    return user


def _check_password(wanted: Registration, password: str) -> None:
    door = lockout.door("registration", str(wanted.id))
    lockout.refuse_if_shut(door)
    if not passwords.matches(wanted.password_hash, password):
        lockout.note_failure(door)
        wrong = _("This is not the password that was chosen with this address.")
        raise AppError(422, wrong, fields={"password": wrong})
