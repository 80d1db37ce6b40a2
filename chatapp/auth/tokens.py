"""Random tokens that we only keep the hash of."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """256 random bits for a cookie or a header."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What the database keeps. The token itself is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
