"""What happens to the shape of conversations."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class ConversationReshaped(Event):
    """Messages have come or gone, or the contact has changed: whoever shows it starts anew. `end_user_id`: whose it is
    now, or was until now."""

    conversation_id: UUID
    end_user_id: UUID
