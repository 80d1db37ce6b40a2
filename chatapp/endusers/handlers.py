"""What contacts note when something happens elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from chatapp.attributes import forgetting
from chatapp.attributes.events import AttributeDeleted
from chatapp.endusers import services
from chatapp.endusers.models import EndUser


class _MessageWritten(Protocol):
    end_user_id: UUID
    author_type: str
    occurred_at: datetime


def forget_attribute(event: AttributeDeleted) -> None:
    """What contacts had under an attribute that is gone: some rows, then the next in another transaction."""
    if event.subject == "contacts":
        forgetting.go_on(EndUser, event)


def note_message(event: _MessageWritten) -> None:
    """Count what the contact writes, and when they were last seen, away from the message's own transaction."""
    if event.author_type == "visitor":
        services.note_message(event.end_user_id, at=event.occurred_at)
