"""JSON Web Tokens for API clients: short-lived, signed with our key, one algorithm."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import jwt
from flask import current_app

from chatapp.common.clock import now

LIFE = timedelta(minutes=15)
_ALGORITHM = "HS256"
_AUDIENCE = "chatapp-api"


def issue(user_id: UUID) -> str:
    """An access token for this user, good for `LIFE`."""
    moment = now()
    claims = {"sub": str(user_id), "aud": _AUDIENCE, "iat": moment, "exp": moment + LIFE}
    return jwt.encode(claims, _key(), algorithm=_ALGORITHM)


def user_id_of(token: str) -> UUID | None:
    """Whose token this is; None when it is forged, over or meant for something else."""
    try:
        claims = jwt.decode(
            token, _key(), algorithms=[_ALGORITHM], audience=_AUDIENCE, options={"require": ["sub", "exp", "aud"]}
        )
        return UUID(claims["sub"])
    except (jwt.InvalidTokenError, ValueError):
        return None


def _key() -> str:
    return f"access-token:{current_app.secret_key!s}"
