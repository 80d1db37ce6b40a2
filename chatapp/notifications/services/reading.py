"""What members have read."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, update

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.tenancy import current_workspace_id
from chatapp.notifications.models import Notification
from chatapp.notifications.services.telling import tell_lists


def read(user_id: UUID, notification_id: UUID) -> None:
    """They have seen one line."""
    _read(user_id, Notification.id == notification_id)


def read_conversation(user_id: UUID, conversation_id: UUID) -> None:
    """They have the conversation before their eyes, or answered it."""
    _read(user_id, Notification.conversation_id == conversation_id)


def read_all(user_id: UUID) -> None:
    """Whatever is on their list is old news to them."""
    _read(user_id)


def _read(user_id: UUID, *which: ColumnElement[bool]) -> None:
    unread = (Notification.user_id == user_id, Notification.read_at.is_(None), *which)
    found = db.session.execute(
        update(Notification)
        .where(*unread)
        .values(read_at=now(), mail_at=None, push_at=None)
        .execution_options(synchronize_session=False)
    )
    if found.rowcount:  # type: ignore[attr-defined]
        tell_lists(current_workspace_id(), [user_id])
