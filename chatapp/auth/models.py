"""Users and what proves that a browser or a program speaks for one. None of it belongs to a workspace."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.db import Base, KeyMixin


class User(KeyMixin, Base):
    """A person who works here. One account, any number of workspaces."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("theme IN ('system', 'light', 'dark')", name="theme"),
        Index("uq_user_email", text("lower(email)"), unique=True),
    )

    email: Mapped[str]
    email_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str]
    name: Mapped[str]
    locale: Mapped[str | None]
    theme: Mapped[str] = mapped_column(default="system")


class UserSession(KeyMixin, Base):
    """One signed-in browser. The cookie holds the token; we hold its hash."""

    __tablename__ = "user_session"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    ip: Mapped[str]
    user_agent: Mapped[str]
    user: Mapped[User] = relationship(lazy="raise")


class RefreshToken(KeyMixin, Base):
    """A link in a chain of API tokens. Each is used once; using one twice ends its whole family."""

    __tablename__ = "refresh_token"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    family_id: Mapped[UUID] = mapped_column(index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="raise")


class LetterToken(KeyMixin, Base):
    """What a link in a letter proves: that its reader receives mail at `email`. Deleted when it is used."""

    __tablename__ = "letter_token"
    __table_args__ = (CheckConstraint("purpose IN ('reset', 'confirm')", name="purpose"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    email: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="raise")


class Authenticator(Base):
    """The app on a person's phone. Its secret is sealed; `last_step` is the half minute of the code used last."""

    __tablename__ = "authenticator"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(KeyMixin, Base):
    """For the day on which the phone is gone. Deleted when it is used."""

    __tablename__ = "recovery_code"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str]


class FailedLogIn(Base):
    """Wrong passwords or codes in a row at one door, which is the hash of what was typed: no account need exist."""

    __tablename__ = "failed_log_in"

    door: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    shut_until: Mapped[datetime | None]
