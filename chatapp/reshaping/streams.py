"""Everybody who shows a conversation that has another shape now looks again."""

from __future__ import annotations

import json

from chatapp.common.realtime import broadcast, topics
from chatapp.conversations import queries as conversations
from chatapp.conversations.streams import hint_readers
from chatapp.conversations.visibility import unrestricted
from chatapp.reshaping.events import ConversationReshaped


def start_anew(event: ConversationReshaped) -> None:
    """A hint without content: the epoch tells readers that what they hold is another history."""
    with unrestricted(reason="made once for everybody who may see it"):
        conversation = conversations.conversation(event.conversation_id)
    hint_readers(conversation, {"type": "resync"})
    about = {"type": "resync", "conversation_id": str(conversation.id)}
    broadcast.publish(topics.visitor(event.workspace_id, event.visitor_id), json.dumps(about))
