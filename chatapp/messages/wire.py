"""A message as JSON: for the widget, for other widgets and for the API. One shape, so that all of them agree."""

from __future__ import annotations

from typing import Any

from chatapp.attachments.links import linked
from chatapp.common.clock import rfc3339
from chatapp.common.pictures import public_address
from chatapp.messages.bodies import html_of_message
from chatapp.messages.models import Message


def message_json(message: Message) -> dict[str, Any]:
    """The fields of `contract.md`. Needs the message's `agent` to be loaded."""
    return {
        "id": str(message.id),
        "client_id": str(message.client_id),
        "conversation_id": str(message.conversation_id),
        "seq": message.seq,
        "revision": message.revision,
        "kind": message.kind,
        "author": {
            "type": message.author_type,
            "name": message.author_name,
            "avatar_url": public_address(message.agent.avatar_path) if message.agent else None,
        },
        "text": message.text,
        "quote": _quote_json(message),
        "link_preview": _card_json(message),
        "html": str(html_of_message(message)),
        "attachments": [linked(facts, message.workspace_id) for facts in message.attachments],
        "created_at": rfc3339(message.created_at),
        "edited_at": rfc3339(message.edited_at) if message.edited_at else None,
        "deleted_at": rfc3339(message.deleted_at) if message.deleted_at else None,
        "state": message.state,
    }


def _quote_json(message: Message) -> dict[str, Any] | None:
    """What it quotes; a reply never quotes what is private."""
    if message.quote is None:
        return None
    quote = message.quote
    return {
        "id": quote["id"],
        "seq": quote["seq"],
        "author": {"type": quote["author_type"], "name": quote["author"]},
        "text": quote["text"],
        "deleted": quote["is_deleted"],
    }


def _card_json(message: Message) -> dict[str, Any] | None:
    """What its first link leads to, once that is known."""
    if message.card is None:
        return None
    said = {name: message.card[name] for name in ("url", "title", "description", "site")}
    return {**said, "picture_url": public_address(message.card["picture"])}


def frame(kind: str, message: Message) -> dict[str, Any]:
    """A socket frame about a message: its type beside the message's own fields."""
    return {"type": kind, **message_json(message)}


def ack(message: Message) -> dict[str, Any]:
    """What the sender is told once the message is durable."""
    return {
        "id": str(message.id),
        "client_id": str(message.client_id),
        "conversation_id": str(message.conversation_id),
        "seq": message.seq,
        "created_at": rfc3339(message.created_at),
    }
