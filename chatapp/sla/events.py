"""What happens to targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class SlaWarned(Event):
    """A target is about to be missed. `kind` is one of `sla.models.KINDS`. Once for each clock."""

    conversation_id: UUID
    clock_id: UUID
    kind: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class SlaBreached(Event):
    """A target was missed at `due_at`. Once for each clock."""

    conversation_id: UUID
    clock_id: UUID
    kind: str
    due_at: datetime
