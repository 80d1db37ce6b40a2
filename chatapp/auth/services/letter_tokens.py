"""Tokens that travel in letters: kept hashed, good once, for a while, and for one address."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from chatapp.auth import queries
from chatapp.auth.models import LetterToken, User
from chatapp.auth.tokens import hash_token, new_token
from chatapp.common.clock import now
from chatapp.common.db import db


def issue(user: User, *, purpose: str, email: str, life: timedelta) -> str:
    """A token for a link."""
    token = new_token()
    db.session.add(
        LetterToken(
            user_id=user.id, purpose=purpose, email=email, token_hash=hash_token(token), expires_at=now() + life
        )
    )
    db.session.flush()
    return token


def redeem(token: str, *, purpose: str) -> LetterToken | None:
    """Use the token up and return it with its user; None when it is unknown, over, used or for something else."""
    found = queries.letter_token(token, purpose=purpose)
    if found is None:
        return None
    db.session.delete(found)
    db.session.flush()
    return found


def end_all(user: User) -> None:
    """No letter sent so far opens anything any more."""
    db.session.execute(delete(LetterToken).where(LetterToken.user_id == user.id))
