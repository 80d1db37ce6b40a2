"""The shapes of the widget's JSON, as `widget/README.md` documents them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import get_locale
from flask_babel import gettext as _

from chatapp.auth.models import User
from chatapp.common.clock import rfc3339
from chatapp.common.pictures import public_address
from chatapp.conversations.models import Conversation
from chatapp.hours.models import Hours
from chatapp.messages.models import Message
from chatapp.messages.wire import message_json
from chatapp.projects.appearance import Appearance
from chatapp.projects.models import Project


def project_json(project: Project) -> dict[str, Any]:
    appearance = Appearance.of(project)
    own = appearance.words_in(str(get_locale()))
    return {
        "name": project.name,
        "greeting": own.get("greeting") or _("Hi there,\nhow can we help?"),
        "intro": own.get("intro", ""),
        "accent": appearance.accent,
        "scheme": appearance.scheme,
        "launcher": {
            "shape": appearance.launcher_shape,
            "side": appearance.launcher_side,
            "x": appearance.launcher_x,
            "y": appearance.launcher_y,
        },
        "logo_url": public_address(project.logo_path),
        "locale": project.locale,
    }


def hours_json(hours: Hours | None, at: datetime) -> dict[str, Any]:
    """Whether the company answers now, and when next if not. Without hours nobody has said: `open` is null."""
    calendar = hours.calendar if hours else None
    opening = calendar.next_opening(at) if calendar else None
    is_open = calendar and opening == at
    return {"open": is_open, "next_open_at": rfc3339(opening) if opening and not is_open else None}


def conversation_json(conversation: Conversation, unread: int, agent: User | None) -> dict[str, Any]:
    """`agent`: whom it shows."""
    return {
        "id": str(conversation.id),
        "status": "closed" if conversation.is_closed else "open",
        "preview": conversation.preview,
        "seq": conversation.last_seq,
        "unread": unread,
        "read": conversation.visitor_read_seq,
        "last_message_at": rfc3339(conversation.last_message_at),
        "rating": conversation.rating,
        "rating_comment": conversation.rating_comment,
        "agent": {"name": agent.name, "avatar_url": public_address(agent.avatar_path)} if agent else None,
    }


def conversations_json(
    conversations: Sequence[Conversation], unread: Mapping[UUID, int], spoke_last: Mapping[UUID, User]
) -> list[dict[str, Any]]:
    """Each shows who has it, or else who spoke last. Needs their assignees to be loaded."""
    return [
        conversation_json(one, unread.get(one.id, 0), one.assignee or spoke_last.get(one.id)) for one in conversations
    ]


def page_json(
    conversation: Conversation, messages: Sequence[Message], *, is_complete: bool, has_older: bool, ahead: int | None
) -> dict[str, Any]:
    """A page of messages. When there are `more`, `seq` is how far this page reaches; otherwise where all of it ends.

    `ahead`: how many have waited for longer.
    """
    return {
        "conversation_id": str(conversation.id),
        "epoch": str(conversation.epoch),
        "seq": conversation.last_seq if is_complete else messages[-1].revision,
        "more": not is_complete,
        "ahead": ahead,
        "has_older": has_older,
        "status": "closed" if conversation.is_closed else "open",
        "messages": [message_for_visitor(message, conversation) for message in messages],
    }


def message_for_visitor(message: Message, conversation: Conversation) -> dict[str, Any]:
    """The team's read mark is kept on the conversation, not on each message."""
    shape = message_json(message)
    if message.author_type == "visitor" and message.state != "failed" and message.seq <= conversation.agents_read_seq:
        shape["state"] = "read"
    return shape
