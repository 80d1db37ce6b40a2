"""What happens to scheduled replies."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class ScheduleChanged(Event):
    """What waits in a conversation is not what waited there before."""

    conversation_id: UUID
