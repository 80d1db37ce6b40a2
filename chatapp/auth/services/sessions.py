"""Signed-in browsers: open a session, end it, end the others."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from chatapp.auth.models import User, UserSession
from chatapp.auth.tokens import hash_token, new_token
from chatapp.common.clock import now
from chatapp.common.db import db

REMEMBERED_LIFE = timedelta(days=14)
SESSION_LIFE = timedelta(days=1)


def start_session(user: User, *, ip: str, user_agent: str, is_remembered: bool = False) -> str:
    """Open a session and return the token for its cookie."""
    token, moment = new_token(), now()
    db.session.add(
        UserSession(
            user_id=user.id,
            token_hash=hash_token(token),
            last_seen_at=moment,
            expires_at=moment + (REMEMBERED_LIFE if is_remembered else SESSION_LIFE),
            ip=ip,
            user_agent=user_agent[:300],
        )
    )
    db.session.flush()
    return token


def end_session(token: str) -> None:
    """Revoke the session of this token, if there is one."""
    db.session.execute(update(UserSession).where(UserSession.token_hash == hash_token(token)).values(revoked_at=now()))


def end_sessions(user: User, *, keep: UUID | None = None, only: UUID | None = None) -> list[UUID]:
    """Revoke a user's sessions: all of them, all but `keep`, or one. Returns those that it ended."""
    statement = update(UserSession).where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
    if keep is not None:
        statement = statement.where(UserSession.id != keep)
    if only is not None:
        statement = statement.where(UserSession.id == only)
    return list(db.session.scalars(statement.values(revoked_at=now()).returning(UserSession.id)).all())
