"""What happens to attributes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class AttributeDeleted(Event):
    """An attribute is gone; what was written down under it goes, batch by batch: `last_id` is the last row that was
    looked at."""

    attribute_id: UUID
    subject: str
    last_id: UUID | None = None
