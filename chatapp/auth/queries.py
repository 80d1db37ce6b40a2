"""Reads about users and their sessions."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from chatapp.auth.models import Authenticator, FailedLogIn, LetterToken, RecoveryCode, RefreshToken, User, UserSession
from chatapp.auth.tokens import hash_token
from chatapp.common.clock import now
from chatapp.common.db import db


def user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))


def user(user_id: UUID) -> User | None:
    return db.session.get(User, user_id)


def live_session(token: str) -> UserSession | None:
    """The session that the cookie's token opens, with its user; None when it is unknown, over or revoked."""
    return db.session.scalar(
        select(UserSession)
        .where(
            UserSession.token_hash == hash_token(token),
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now(),
        )
        .options(joinedload(UserSession.user, innerjoin=True))
    )


def live_session_ids(session_ids: Collection[UUID]) -> set[UUID]:
    """Which of these sessions are neither over nor revoked."""
    return set(
        db.session.scalars(
            select(UserSession.id).where(
                UserSession.id.in_(session_ids), UserSession.revoked_at.is_(None), UserSession.expires_at > now()
            )
        )
    )


def user_of_family(user_id: UUID, family_id: UUID) -> User | None:
    """The user whose family of refresh tokens this is, as long as it can still be refreshed."""
    return db.session.scalar(
        select(User)
        .join(RefreshToken, RefreshToken.user_id == User.id)
        .where(
            User.id == user_id,
            RefreshToken.family_id == family_id,
            RefreshToken.used_at.is_(None),
            RefreshToken.revoked_at.is_(None),
            RefreshToken.expires_at > now(),
        )
    )


def refresh_token(token: str) -> RefreshToken | None:
    """The row of a refresh token, locked, with its user, whatever its state."""
    return db.session.scalar(
        select(RefreshToken)
        .where(RefreshToken.token_hash == hash_token(token))
        .options(joinedload(RefreshToken.user, innerjoin=True))
        .with_for_update(of=RefreshToken)
    )


def letter_token(token: str, *, purpose: str) -> LetterToken | None:
    """The token of a link that is still good, locked, with its user."""
    return db.session.scalar(
        select(LetterToken)
        .where(
            LetterToken.token_hash == hash_token(token),
            LetterToken.purpose == purpose,
            LetterToken.expires_at > now(),
        )
        .options(joinedload(LetterToken.user, innerjoin=True))
        .with_for_update(of=LetterToken)
    )


def sessions_of(user_id: UUID) -> list[UserSession]:
    """The browsers that are signed in, the one seen last first."""
    return list(
        db.session.scalars(
            select(UserSession)
            .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now())
            .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        )
    )


def authenticator(user_id: UUID) -> Authenticator | None:
    """The user's app, locked, so that two log-ins cannot use one code; unconfirmed until a code was right."""
    return db.session.scalar(select(Authenticator).where(Authenticator.user_id == user_id).with_for_update())


def recovery_codes_left(user_id: UUID) -> int:
    return db.session.scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0


def failed_log_in(door: str) -> FailedLogIn | None:
    """What went wrong at a door, locked, so that no try is lost."""
    return db.session.scalar(select(FailedLogIn).where(FailedLogIn.door == door).with_for_update())
