"""What a visitor's doing looks like to the agents. Typing is shown and forgotten: no row, no event, no retry."""

from __future__ import annotations

import json

from chatapp.common.i18n import LOCALES
from chatapp.common.realtime import broadcast, topics
from chatapp.conversations.models import Conversation


def show_typing(conversation: Conversation) -> None:
    """A hint for the pages that have the conversation open; they let it fade after a few seconds."""
    hint = json.dumps({"type": "typing", "conversation_id": str(conversation.id)})
    for locale in LOCALES:
        broadcast.publish(topics.conversation_agents(conversation.workspace_id, conversation.id, locale), hint)
