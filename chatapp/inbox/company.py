"""What agents do in front of one another, and of the visitor: looking at a conversation, writing into it.

Shown and forgotten: no row, no event, no retry. Pages let what they heard fade by themselves.
"""

from __future__ import annotations

import json
from typing import Any

from chatapp.auth.models import User
from chatapp.common.pictures import public_address
from chatapp.common.realtime import broadcast, topics
from chatapp.conversations.models import Conversation
from chatapp.conversations.streams import hint_readers


def show_looking(conversation: Conversation, user: User, *, asks: bool) -> None:
    """That somebody has the conversation open. With `asks` they have just come: whoever else is there says so, too."""
    hint_readers(conversation, {"type": "looking", "by": _about(user), "asks": asks})


def show_gone(conversation: Conversation, user: User) -> None:
    """That they have it open no longer."""
    hint_readers(conversation, {"type": "gone", "by": _about(user)})


def show_writing(conversation: Conversation, user: User, *, is_note: bool) -> None:
    """That somebody writes an answer, to the visitor as well, or a note, to the other agents alone."""
    hint_readers(conversation, {"type": "writing", "by": _about(user), "is_note": is_note})
    if is_note:
        return
    author = {"type": "agent", "name": user.name, "avatar_url": public_address(user.avatar_path)}
    frame = {"type": "typing", "conversation_id": str(conversation.id), "author": author}
    broadcast.publish(topics.visitor(conversation.workspace_id, conversation.reader_id), json.dumps(frame))


def _about(user: User) -> dict[str, Any]:
    return {"id": str(user.id), "name": user.name}
