"""JSON Web Tokens for API clients: short-lived, signed with our key, one algorithm.

`sid` names the family of refresh tokens that the token belongs to: ending the family ends its access tokens too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import jwt
from flask import current_app

from chatapp.common.clock import now

LIFE = timedelta(minutes=15)
_ALGORITHM = "HS256"
_AUDIENCE = "chatapp-api"
_REQUIRED = ["sub", "sid", "exp", "aud"]


@dataclass(frozen=True)
class Claims:
    """What an access token says."""

    user_id: UUID
    family_id: UUID


def issue(claims: Claims) -> str:
    """An access token for this user, good for `LIFE`."""
    moment = now()
    payload = {"sub": str(claims.user_id), "sid": str(claims.family_id), "aud": _AUDIENCE}
    return jwt.encode(payload | {"iat": moment, "exp": moment + LIFE}, _key(), algorithm=_ALGORITHM)


def claims_of(token: str) -> Claims | None:
    """What the token says; None when it is forged, over or meant for something else."""
    try:
        claims = jwt.decode(token, _key(), algorithms=[_ALGORITHM], audience=_AUDIENCE, options={"require": _REQUIRED})
        return Claims(UUID(claims["sub"]), UUID(claims["sid"]))
    except (jwt.InvalidTokenError, ValueError):
        return None


def _key() -> str:
    return f"access-token:{current_app.secret_key!s}"
