"""Log-ins that went off to a provider and have not come back: kept in the browser's own signed session, good once."""

from __future__ import annotations

import hmac
import secrets
import time
from typing import Literal, TypedDict

from flask import session
from flask_babel import gettext as _

from chatapp.auth.oidc.providers import Provider
from chatapp.common.errors import AppError

_KEY = "sign_ins"
_PATIENCE_SECONDS = 600
_AT_ONCE = 3  # windows; a cookie holds no more than 4 KiB
_MAX_TARGET = 300

Purpose = Literal["enter", "connect", "prove"]


class Attempt(TypedDict):
    """What for: `enter`, or for the `user` who is logged in `connect` or `prove`. `target` is where they were going."""

    state: str
    provider: str
    nonce: str
    verifier: str
    until: float
    purpose: Purpose
    target: str
    user: str


def open_attempt(provider: Provider, *, purpose: Purpose, target: str, user: str) -> Attempt:
    """Remember an attempt; the oldest ones make room."""
    attempt = Attempt(
        state=secrets.token_urlsafe(24),
        provider=provider.name,
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        until=time.time() + _PATIENCE_SECONDS,
        purpose=purpose,
        target=target if len(target) <= _MAX_TARGET else "",
        user=user,
    )
    session[_KEY] = [*_waiting(), attempt][-_AT_ONCE:]
    return attempt


def close_attempt(provider: Provider, state: str) -> Attempt:
    """The attempt that comes back with this state, never to be found again. Raises `AppError` 400."""
    waiting = _waiting()
    found = next((attempt for attempt in waiting if _are_equal(attempt["state"], state)), None)
    session[_KEY] = [attempt for attempt in waiting if attempt is not found]
    if found is None or found["provider"] != provider.name:
        raise AppError(400, _("This log-in was begun in another browser, too long ago, or is over. Start again."))
    return found


def _waiting() -> list[Attempt]:
    return [attempt for attempt in session.get(_KEY, []) if attempt["until"] > time.time()]


def _are_equal(own: str, brought: str) -> bool:
    return hmac.compare_digest(own.encode(), brought.encode(errors="replace"))
