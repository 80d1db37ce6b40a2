"""What is done when something was said."""

from __future__ import annotations

from chatapp.messages.events import MessageCreated
from chatapp.unseen import queries, services


def note_message(event: MessageCreated) -> None:
    """Somebody answered a visitor who left an address."""
    if event.kind == "reply" and event.author_type != "visitor" and queries.has_reader(event.conversation_id):
        services.expect(event.conversation_id, at=event.occurred_at)
