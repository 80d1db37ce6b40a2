"""What targets do when something happens in a conversation, and afterwards."""

from __future__ import annotations

from chatapp.conversations.events import TurnChanged
from chatapp.sla.services import clocks


def follow_thread(event: TurnChanged) -> None:
    """Start and stop the clocks, by what the thread says now."""
    clocks.follow(event.conversation_id)
