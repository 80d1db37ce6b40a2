"""For programs: issue tokens, refresh them, revoke them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update

from chatapp.auth import access_tokens, queries
from chatapp.auth.models import RefreshToken, User
from chatapp.auth.tokens import hash_token, new_token
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7

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


def revoke_all(user: User) -> None:
    """End every family of this user."""
    statement = update(RefreshToken).where(RefreshToken.user_id == user.id, RefreshToken.revoked_at.is_(None))
    db.session.execute(statement.values(revoked_at=now()))
