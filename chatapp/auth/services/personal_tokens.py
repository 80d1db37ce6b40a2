"""Personal access tokens: for scripts of one's own, `Authorization: Bearer cht_…`. Shown once, kept hashed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from blinker import Signal
from flask_babel import gettext as _

from chatapp.auth import queries
from chatapp.auth.models import PersonalToken, User
from chatapp.auth.scopes import SCOPES
from chatapp.auth.tokens import hash_token, new_token
from chatapp.common import limits
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError, not_found

PREFIX = "cht_"
MOST = 50
_VISIT = timedelta(minutes=1)

revoked = Signal("A token was revoked by its owner: the sender is the user; `token`.")


def issue(
    user: User,
    *,
    name: str,
    scopes: Collection[str],
    restricted_to: UUID | None = None,
    expires_at: datetime | None = None,
) -> tuple[PersonalToken, str]:
    """A token, and its text, which exists only now. Raises `AppError` 409 when the person has `MOST` already."""
    if len(queries.personal_tokens_of(user.id)) >= MOST:
        raise AppError(409, _("You have %(count)s tokens. Revoke one that you no longer need.", count=MOST))
    text = PREFIX + new_token()
    token = PersonalToken(
        user_id=user.id,
        name=name,
        token_hash=hash_token(text),
        scopes=[scope for scope in SCOPES if scope in scopes],
        restricted_to=restricted_to,
        expires_at=expires_at,
    )
    db.session.add(token)
    db.session.flush()
    return token, text


def bearer(text: str) -> PersonalToken | None:
    """The token that a request carries, with its user; None when it is unknown, over or revoked. Notes its use."""
    token, moment = queries.live_personal_token(text), now()
    if token and (token.last_used_at is None or moment - token.last_used_at > _VISIT):
        token.last_used_at, token.last_used_ip = moment, limits.caller()
    return token


def revoke(user: User, token_id: UUID) -> None:
    """End one's own token. Raises `AppError` 404 for any other, and for one that is revoked already."""
    token = next((token for token in queries.personal_tokens_of(user.id) if token.id == token_id), None)
    if token is None:
        raise not_found()
    _revoke(user, token)


def revoke_all(user: User) -> None:
    for token in queries.personal_tokens_of(user.id):
        _revoke(user, token)


def _revoke(user: User, token: PersonalToken) -> None:
    token.revoked_at = now()
    revoked.send(user, token=token)
