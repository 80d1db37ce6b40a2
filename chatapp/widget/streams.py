"""What a visitor's doing looks like to the agents. Typing is shown and forgotten: no row, no event, no retry."""

from __future__ import annotations

from chatapp.conversations.models import Conversation
from chatapp.conversations.streams import hint_readers


def show_typing(conversation: Conversation) -> None:
    """A hint for the pages that have the conversation open; they let it fade after a few seconds."""
    hint_readers(conversation, {"type": "typing"})
