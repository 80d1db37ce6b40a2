"""What the first link of a reply leads to: asked for when there is one, kept with the message, gone with the link.

Who looks it up is not known here. Notes are left alone: what a team says among itself is nothing to ask others about.
"""

from __future__ import annotations

from chatapp.common.events import emit
from chatapp.conversations.models import Conversation
from chatapp.messages.bodies import first_link
from chatapp.messages.events import LinkPosted
from chatapp.messages.models import Message


def ask(conversation: Conversation, message: Message, *, actor: str) -> None:
    """A reply was written, or says something else now. A card of what it links to no more goes."""
    url = first_link(message) if message.kind == "reply" else None
    if message.card is not None and message.card["url"] != url:
        message.card = None
    if url is None or message.card is not None:
        return
    emit(
        LinkPosted(
            workspace_id=message.workspace_id,
            conversation_id=conversation.id,
            message_id=message.id,
            end_user_id=conversation.end_user_id,
            actor=actor,
        )
    )
