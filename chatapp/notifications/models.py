"""Lines of members' notification lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.common.db import Base, KeyMixin, TenantMixin
from chatapp.conversations.models import Conversation
from chatapp.notifications.quiet import end_of_quiet

KINDS = (
    "sla_breached",
    "mention",
    "assigned",
    "team",
    "sla_warned",
    "woken",
    "message",
    "unassigned",
    "import",
    "export",
    "person_export",
)
"""Of what members are told, the weightiest first: a line that holds several begins with that."""


FILES = ("import", "export", "person_export")
SWITCHES = ("assigned", "team", "message", "unassigned", "mention", "sla_warned", "sla_breached", "woken", "file")
"""What can be switched, in the order of the settings: each kind by itself, files together."""

WAYS = ("app", "desktop", "push", "mail")
_USUALLY_OFF = frozenset(
    {
        "team.mail", "unassigned.mail", "sla_warned.mail", "woken.mail", "file.mail",
        "team.push", "unassigned.push", "sla_warned.push", "file.push",
        "team.desktop", "file.desktop",
    }
)  # fmt: skip
DIGESTS = ("off", "daily", "weekly")
MAIL_AFTER = (5, 15, 60)


def switch_of(kind: str) -> str:
    return "file" if kind in FILES else kind


def is_usually_on(switch: str) -> bool:
    """Of `<what>.<way>`, for whoever has not chosen."""
    return switch not in _USUALLY_OFF


class NotificationSettings(TenantMixin, Base):
    """What one member chose. Without a row everything is as usual.

    `switched`: the `<what>.<way>` that are not as they usually are. Between `quiet_from` and `quiet_until`, minutes
    after midnight in their zone (the workspace's, unless they chose one), mail and push wait. Mail comes when something
    was not read for `mail_after` minutes; a digest at `digest_at`.
    """

    __tablename__ = "notification_settings"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "user_id"),
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        CheckConstraint("digest IN ('off', 'daily', 'weekly')", name="digest"),
        CheckConstraint("quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439", name="quiet"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_whole"),
        CheckConstraint("mail_after BETWEEN 1 AND 1440", name="mail_after"),
        Index("ix_notification_settings_digest_at", "digest_at", postgresql_where="digest_at IS NOT NULL"),
    )

    user_id: Mapped[UUID]
    switched: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    time_zone: Mapped[str | None]
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    mail_after: Mapped[int] = mapped_column(default=15)
    digest: Mapped[str] = mapped_column(default="off")
    digest_at: Mapped[datetime | None]

    def is_on(self, switch: str) -> bool:
        """Of `<what>.<way>`."""
        return is_usually_on(switch) != (switch in self.switched)

    def end_of_quiet(self, at: datetime, *, zone: str) -> datetime | None:
        """When they are no longer to be left alone, if they are now."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return end_of_quiet(at, zone=self.time_zone or zone, start=self.quiet_from, end=self.quiet_until)


class Notification(KeyMixin, TenantMixin, Base):
    """What one member was told about one subject: a conversation, or a file that they asked for.

    `counts` says how often of each kind since they last read it; `event_ids` are the latest events in it, so that none
    counts twice. A file's line is over at `expires_at`, when the file goes. `is_listed`
    is false for what they want told by other ways only. Mail is due at `mail_at`, unless they read it first; once it
    was sent, what is added waits until they have read. A push is due at `push_at`, for each that is added.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id", "subject_id"),
        ForeignKeyConstraint(
            ["workspace_id", "user_id"], ["membership.workspace_id", "membership.user_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "conversation_id"], ["conversation.workspace_id", "conversation.id"], ondelete="CASCADE"
        ),
        CheckConstraint("conversation_id = subject_id", name="subject"),
        Index("ix_notification_list", "workspace_id", "user_id", "latest_at", "id"),
        Index("ix_notification_unread", "workspace_id", "user_id", postgresql_where="read_at IS NULL"),
        Index("ix_notification_conversation", "workspace_id", "conversation_id"),
        Index("ix_notification_latest_at", "latest_at"),
        Index("ix_notification_mail_at", "mail_at", postgresql_where="mail_at IS NOT NULL"),
        Index("ix_notification_push_at", "push_at", postgresql_where="push_at IS NOT NULL"),
    )
    may_be_about_none: ClassVar[bool] = True

    user_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    conversation_id: Mapped[UUID | None]
    counts: Mapped[dict[str, Any]]
    event_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    latest_at: Mapped[datetime]
    latest_kind: Mapped[str]
    is_listed: Mapped[bool] = mapped_column(default=True)
    read_at: Mapped[datetime | None]
    mail_at: Mapped[datetime | None]
    push_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]

    conversation: Mapped[Conversation | None] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="Notification.conversation_id == foreign(Conversation.id)",
        uselist=False,
    )

    @property
    def is_unread(self) -> bool:
        return self.read_at is None

    @property
    def kinds(self) -> list[str]:
        """What it tells of, the weightiest first."""
        return sorted(self.counts, key=KINDS.index)


class PushKey(Base):
    """By what browsers' push services know this installation: there is one. The private half is sealed."""

    __tablename__ = "push_key"
    __table_args__ = (CheckConstraint("id = 1", name="only"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public: Mapped[str]
    sealed: Mapped[str]


class PushSubscription(KeyMixin, Base):
    """A browser of a person's that takes pushes, as long as the session lasts in which they asked for it.

    Where it is reached, and how what is for it is sealed, is sealed itself; `fingerprint` is of its address.
    """

    __tablename__ = "push_subscription"
    __table_args__ = (
        Index("ix_push_subscription_user_id", "user_id"),
        Index("ix_push_subscription_session_id", "session_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("user_session.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(unique=True)
    sealed: Mapped[str]
