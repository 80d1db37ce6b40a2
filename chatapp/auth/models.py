"""Users and what proves that a browser or a program speaks for one. None of it belongs to a workspace."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.auth.devices import is_handheld
from chatapp.common.clock import now
from chatapp.common.db import Base, KeyMixin, word_index


class User(KeyMixin, Base):
    """A person who works here. One account, any number of workspaces. Who always signs in with a provider needs no
    password."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("theme IN ('system', 'light', 'dark')", name="theme"),
        Index("uq_user_email", text("lower(email)"), unique=True),
        Index("ix_user_created", "created_at", "id"),
        word_index("user", "name"),
        word_index("user", "email"),
    )

    email: Mapped[str]
    email_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    name: Mapped[str]
    locale: Mapped[str | None]
    theme: Mapped[str] = mapped_column(default="system")
    sign_in_letters: Mapped[bool] = mapped_column(default=True, server_default=true())
    operator_since: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspended_reason: Mapped[str | None]
    avatar: Mapped[bytes | None] = mapped_column(deferred=True, deferred_raiseload=True)
    avatar_token: Mapped[str | None] = mapped_column(unique=True)

    @property
    def is_operator(self) -> bool:
        """Whether they run the installation itself, and with it the back office."""
        return self.operator_since is not None

    @property
    def is_suspended(self) -> bool:
        """Whether operators have shut the account: nothing speaks for it then, neither session nor token."""
        return self.suspended_at is not None

    @property
    def avatar_path(self) -> str | None:
        """Where their picture is, if they have one. Not by `url_for`: streams have no request."""
        return f"/avatars/{self.avatar_token}" if self.avatar_token else None


class Registration(KeyMixin, Base):
    """Somebody who wants an account and has yet to show that the mailbox is theirs. Deleted when it becomes one."""

    __tablename__ = "registration"

    email: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    locale: Mapped[str | None]
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class UserSession(KeyMixin, Base):
    """One signed-in browser. The cookie holds the token; we hold its hash. `proved_at` is when somebody in front of it
    last showed who they are: dangerous deeds want that to be lately.

    With an `impersonator` it is an operator who stands in for the user, in one workspace only, and who is no visit of
    the user's own.
    """

    __tablename__ = "user_session"
    __table_args__ = (
        Index("ix_user_session_impersonator", "impersonator_id", postgresql_where="impersonator_id IS NOT NULL"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    ip: Mapped[str]
    user_agent: Mapped[str]
    impersonator_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    only_workspace_id: Mapped[UUID | None] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    user: Mapped[User] = relationship(lazy="raise", foreign_keys=user_id)
    impersonator: Mapped[User | None] = relationship(lazy="raise", foreign_keys=impersonator_id)


class UserIdentity(KeyMixin, Base):
    """An account at a provider that signs in a user here. `email` is what the provider said last, for people to read:
    only issuer and subject are who it is."""

    __tablename__ = "user_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    email: Mapped[str]
    user: Mapped[User] = relationship(lazy="raise")


class LogIn(KeyMixin, Base):
    """One log-in on an account, or one that was refused: how, from where, with what. `browser_hash` is of the cookie by
    which a browser is known again."""

    __tablename__ = "log_in"
    __table_args__ = (
        CheckConstraint("way IN ('password', 'code', 'recovery', 'letter', 'provider', 'token')", name="way"),
        Index("ix_log_in_time", "user_id", "created_at", "id"),
        Index("ix_log_in_created_at", "created_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    way: Mapped[str]
    is_refused: Mapped[bool]
    ip: Mapped[str]
    device: Mapped[str]
    browser_hash: Mapped[str | None]

    @property
    def is_handheld(self) -> bool:
        return is_handheld(self.device)


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


class PersonalToken(KeyMixin, Base):
    """What a person gave a script of theirs: `cht_` and random, of which we hold the hash. `restricted_to` is the one
    workspace that it opens; without it, all of the person's."""

    __tablename__ = "personal_token"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String))
    restricted_to: Mapped[UUID | None] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    last_used_ip: Mapped[str | None]
    user: Mapped[User] = relationship(lazy="raise")

    @property
    def is_over(self) -> bool:
        return self.expires_at is not None and self.expires_at <= now()


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
