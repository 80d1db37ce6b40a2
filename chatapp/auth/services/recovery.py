"""A forgotten password: a link by mail, good once and for an hour.

The form only posts the letter; whether the address has an account is looked up by the worker. So the answer, and the
time it takes, are the same for every address.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chatapp.auth import passwords, queries
from chatapp.auth.models import User
from chatapp.auth.services import api_tokens, letter_tokens, lockout, personal_tokens, sessions
from chatapp.common import postbox
from chatapp.common.clock import now

LETTER = "password_forgotten"
LIFE = timedelta(hours=1)


def ask(email: str) -> None:
    """Have a link sent to this address, if an account has it."""
    postbox.post(LETTER, to=email.strip().lower())


def prepare(email: str, _facts: postbox.Facts) -> postbox.Addressed | None:
    """In the worker: the letter's facts. It goes to the address of the account, never to what was typed."""
    user = queries.user_by_email(email)
    if user is None:
        return None
    token = letter_tokens.issue(user, purpose="reset", email=user.email, life=LIFE)
    link = postbox.link("auth.reset_password", token=token)
    return postbox.Addressed(user.email, user.locale, {"name": user.name, "link": link})


def reset(token: str, *, password: str) -> tuple[User, list[UUID]] | None:
    """Set the password, end every session and token of the account, and return both; None for a link that is over."""
    found = letter_tokens.redeem(token, purpose="reset")
    if found is None:
        return None
    user = found.user
    user.email_verified_at = user.email_verified_at or now()
    user.password_hash = passwords.hash_password(password)
    lockout.note_success(lockout.door("password", user.email))
    letter_tokens.end_all(user)
    api_tokens.revoke_all(user)
    personal_tokens.revoke_all(user)
    tell_of_change(user)
    return user, sessions.end_sessions(user)


def tell_of_change(user: User) -> None:
    """Write to the owner, who may not have been the one."""
    link = postbox.link("auth.forgotten_password")
    postbox.post("password_changed", to=user.email, locale=user.locale, name=user.name, link=link)
