"""Reads about users and their sessions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from chatapp.auth.models import (
    Authenticator,
    FailedLogIn,
    LetterToken,
    LogIn,
    PersonalToken,
    RecoveryCode,
    RefreshToken,
    Registration,
    User,
    UserIdentity,
    UserSession,
)
from chatapp.auth.tokens import hash_token
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.pagination import Cursor, Page, cut


def user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))


def user(user_id: UUID) -> User | None:
    return db.session.get(User, user_id)


def avatar(token: str) -> bytes | None:
    """The picture at this address."""
    return db.session.scalar(select(User.avatar).where(User.avatar_token == token))


def live_session(token: str) -> UserSession | None:
    """The session that the cookie's token opens, with its user; None when it is unknown, over or revoked."""
    return db.session.scalar(
        select(UserSession)
        .where(
            UserSession.token_hash == hash_token(token),
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now(),
        )
        .options(joinedload(UserSession.user, innerjoin=True), joinedload(UserSession.impersonator))
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


def stand_in_session_ids(session_ids: Collection[UUID]) -> set[UUID]:
    """In which of these sessions an operator stands in for the user."""
    return set(
        db.session.scalars(
            select(UserSession.id).where(UserSession.id.in_(session_ids), UserSession.impersonator_id.is_not(None))
        )
    )


def user_of_family(user_id: UUID, family_id: UUID) -> User | None:
    """The user whose family of refresh tokens this is, as long as it can still be refreshed."""
    return db.session.scalar(
        select(User)
        .join(RefreshToken, RefreshToken.user_id == User.id)
        .where(
            User.id == user_id,
            User.suspended_at.is_(None),
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


def live_personal_token(text: str) -> PersonalToken | None:
    """The token, with its user; None when it is unknown, over or revoked, or the account is suspended."""
    return db.session.scalar(
        select(PersonalToken)
        .join(PersonalToken.user)
        .where(
            User.suspended_at.is_(None),
            PersonalToken.token_hash == hash_token(text),
            PersonalToken.revoked_at.is_(None),
            or_(PersonalToken.expires_at.is_(None), PersonalToken.expires_at > now()),
        )
        .options(contains_eager(PersonalToken.user))
    )


def personal_tokens_of(user_id: UUID) -> Sequence[PersonalToken]:
    """Those that were not revoked, newest first; expired ones included, so that people see why a script stopped."""
    return db.session.scalars(
        select(PersonalToken)
        .where(PersonalToken.user_id == user_id, PersonalToken.revoked_at.is_(None))
        .order_by(PersonalToken.id.desc())
    ).all()


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


def registration(token: str) -> Registration | None:
    """What the link of a letter leads to, locked, as long as it is good."""
    return db.session.scalar(
        select(Registration)
        .where(Registration.token_hash == hash_token(token), Registration.expires_at > now())
        .with_for_update()
    )


def sessions_of(user_id: UUID) -> list[UserSession]:
    """The browsers that are signed in, the one seen last first; operators who stand in for the user are none."""
    return list(
        db.session.scalars(
            select(UserSession)
            .where(
                UserSession.user_id == user_id,
                UserSession.impersonator_id.is_(None),
                UserSession.revoked_at.is_(None),
                UserSession.expires_at > now(),
            )
            .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        )
    )


def identity(issuer: str, subject: str) -> UserIdentity | None:
    """The account at a provider that somebody connected, with its user."""
    return db.session.scalar(
        select(UserIdentity)
        .where(UserIdentity.issuer == issuer, UserIdentity.subject == subject)
        .options(joinedload(UserIdentity.user, innerjoin=True))
    )


def identities_of(user_id: UUID) -> list[UserIdentity]:
    """The accounts at providers that sign this user in, the one connected first first."""
    return list(
        db.session.scalars(select(UserIdentity).where(UserIdentity.user_id == user_id).order_by(UserIdentity.id))
    )


def log_ins_of(user_id: UUID, *, cursor: str | None = None, limit: int = 15) -> Page[LogIn]:
    """A page of the log-ins on an account, refused ones included, latest first."""
    statement = select(LogIn).where(LogIn.user_id == user_id).order_by(LogIn.created_at.desc(), LogIn.id.desc())
    if cursor:
        place = Cursor.decode(cursor)
        statement = statement.where(tuple_(LogIn.created_at, LogIn.id) < tuple_(place.moment, place.id))
    rows = db.session.scalars(statement.limit(limit + 1)).all()
    return cut(rows, limit, lambda row: Cursor(row.created_at, row.id))


def has_logged_in(user_id: UUID) -> bool:
    """Whether they ever did, as far as we remember."""
    return _has(select(LogIn.id).where(LogIn.user_id == user_id, LogIn.is_refused.is_(False)))


def has_been_here(user_id: UUID, *, browser_hash: str, ip: str, device: str) -> bool:
    """Whether they logged in with this browser before, or with one of its kind at this address."""
    is_same, is_alike = LogIn.browser_hash == browser_hash, and_(LogIn.ip == ip, LogIn.device == device)
    mine = select(LogIn.id).where(LogIn.user_id == user_id, LogIn.is_refused.is_(False))
    return _has(mine.where(or_(is_same, is_alike)))


def _has(statement: Select[UUID]) -> bool:
    return db.session.scalar(statement.limit(1)) is not None


def authenticator(user_id: UUID) -> Authenticator | None:
    """The user's app, locked, so that two log-ins cannot use one code; unconfirmed until a code was right."""
    return db.session.scalar(select(Authenticator).where(Authenticator.user_id == user_id).with_for_update())


def has_two_factor(user_id: UUID) -> bool:
    """Whether the user's app is confirmed; locks nothing."""
    confirmed = select(Authenticator.user_id).where(
        Authenticator.user_id == user_id, Authenticator.confirmed_at.is_not(None)
    )
    return db.session.scalar(confirmed) is not None


def recovery_codes_left(user_id: UUID) -> int:
    return db.session.scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0


def failed_log_in(door: str) -> FailedLogIn | None:
    """What went wrong at a door, locked, so that no try is lost."""
    return db.session.scalar(select(FailedLogIn).where(FailedLogIn.door == door).with_for_update())
