"""What happens to the shape of conversations."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class ConversationReshaped(Event):
    """Messages have come or gone, or the contact has changed: whoever shows it starts anew. `visitor_id`: who can read
    it now, or could until now."""

    conversation_id: UUID
    visitor_id: UUID
