"""Whose mailbox an address is: a link by mail proves it, for the address of an account and for one that shall be it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from chatapp.auth.models import User
from chatapp.auth.services import letter_tokens
from chatapp.common import postbox
from chatapp.common.clock import now
from chatapp.common.db import db

LIFE = timedelta(days=3)


def ask(user: User, *, email: str | None = None) -> None:
    """Send a link to the account's address, or to the one that shall replace it."""
    email = email or user.email
    token = letter_tokens.issue(user, purpose="confirm", email=email, life=LIFE)
    link = postbox.link("auth.confirm_address", token=token)
    postbox.post("confirm_address", to=email, locale=user.locale, name=user.name, link=link)


def ask_for_change(user: User, *, email: str) -> None:
    """Send a link to the new address; until it is followed nothing changes.

    Whether the new address has an account already is not said: only its owner could follow the link.
    """
    ask(user, email=email.strip().lower())


def confirm(token: str) -> User | None:
    """The address is its reader's, and from now on the account's. None for a link that is over, or of no use any more
    because the address has an account of its own meanwhile."""
    found = letter_tokens.redeem(token, purpose="confirm")
    if found is None:
        return None
    user, former = found.user, found.user.email
    try:
        with db.session.begin_nested():
            user.email, user.email_verified_at = found.email, now()
    except IntegrityError:
        return None
    if user.email != former:
        letter_tokens.end_all(user)
        postbox.post("address_changed", to=former, locale=user.locale, name=user.name, email=user.email)
    return user
