"""Signed-in browsers: open a session, end it, end the others."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from chatapp.auth.models import User, UserSession
from chatapp.auth.services.suspension import refuse_suspended
from chatapp.auth.tokens import hash_token, new_token
from chatapp.common.clock import now
from chatapp.common.db import db

REMEMBERED_LIFE = timedelta(days=14)
SESSION_LIFE = timedelta(days=1)
IMPERSONATION_LIFE = timedelta(minutes=60)


def start_session(user: User, *, ip: str, user_agent: str, is_remembered: bool = False) -> str:
    """Open a session and return the token for its cookie. Whoever opens one has just proved who they are.

    Raises `AppError` 403 for a suspended account.
    """
    refuse_suspended(user)
    token, moment = new_token(), now()
    db.session.add(
        UserSession(
            user_id=user.id,
            token_hash=hash_token(token),
            last_seen_at=moment,
            proved_at=moment,
            expires_at=moment + (REMEMBERED_LIFE if is_remembered else SESSION_LIFE),
            ip=ip,
            user_agent=user_agent[:300],
        )
    )
    db.session.flush()
    return token


def start_impersonation(user: User, *, by: User, only_workspace_id: UUID, ip: str, user_agent: str) -> tuple[str, UUID]:
    """Let an operator stand in for a user, in one workspace: the token for the cookie, and the session's id.

    It is nobody's proof of who they are. Raises `AppError` 403 for a suspended account.
    """
    refuse_suspended(user)
    token, moment = new_token(), now()
    session = UserSession(
        user_id=user.id,
        token_hash=hash_token(token),
        last_seen_at=moment,
        expires_at=moment + IMPERSONATION_LIFE,
        ip=ip,
        user_agent=user_agent[:300],
        impersonator_id=by.id,
        only_workspace_id=only_workspace_id,
    )
    db.session.add(session)
    db.session.flush()
    return token, session.id


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


def end_stand_ins(operator: User) -> list[UUID]:
    """Revoke every session in which this operator stands in for somebody. Returns those that it ended."""
    mine = update(UserSession).where(UserSession.impersonator_id == operator.id, UserSession.revoked_at.is_(None))
    return list(db.session.scalars(mine.values(revoked_at=now()).returning(UserSession.id)).all())
