"""What a visitor can do, the same whether it comes by request or by socket frame: one bucket, one set of rules."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from chatapp.common import limits
from chatapp.common.errors import AppError, not_found
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.endusers import services as endusers
from chatapp.messages import services as messages
from chatapp.messages import wire
from chatapp.widget import payloads, streams
from chatapp.widget.payloads import Payload
from chatapp.widget.visitors import Visitor

_MAX_COMMENT = 2_000


def write(visitor: Visitor, payload: Payload) -> tuple[dict[str, Any], bool]:
    """Take a message: what to answer, and whether it is new. Raises `AppError` 404, 409, 422, 429."""
    limits.hit(limits.VISITOR_MESSAGES, "visitor-messages", str(visitor.id))
    if payload.get("attachment_ids"):
        raise AppError(422, _("Files cannot be sent here yet."))
    text, client_id = payloads.message_text(payload), payloads.client_id(payload)
    end_user = endusers.ensure(visitor.id, locale=str(get_locale()))
    if not visitor.is_known:
        endusers.open_session(end_user, token_hash=visitor.token.hash, expires_at=visitor.token.expires_at)
    sent = messages.receive(
        visitor.project,
        end_user,
        text=text,
        client_id=client_id,
        conversation_id=payloads.conversation_id(payload),
    )
    return wire.ack(sent.message), sent.is_new


def mark_read(visitor: Visitor, payload: Payload) -> None:
    conversation = own_conversation(visitor, payload)
    seq = payloads.whole_number(payload, "seq")
    conversations.mark_read_by_visitor(conversation, seq=conversation.last_seq if seq is None else seq)


def show_typing(visitor: Visitor, payload: Payload) -> None:
    streams.show_typing(own_conversation(visitor, payload))


def rate(visitor: Visitor, payload: Payload) -> None:
    rating = payloads.whole_number(payload, "rating")
    if rating is None or not 1 <= rating <= 5:
        raise AppError(422, _("Choose a rating from 1 to 5."), fields={"rating": _("Choose a rating from 1 to 5.")})
    comment = payloads.text_of(payload, "comment", limit=_MAX_COMMENT)
    conversations.rate(own_conversation(visitor, payload), rating=rating, comment=comment)


def close(visitor: Visitor, payload: Payload) -> None:
    messages.close(own_conversation(visitor, payload), by=None)


def own_conversation(visitor: Visitor, payload: Payload) -> Conversation:
    """The conversation that the payload names, if it is this visitor's. Raises `AppError` 404."""
    conversation_id = payloads.conversation_id(payload)
    if conversation_id is None:
        raise not_found()
    return conversation_queries.conversation_of_visitor(conversation_id, visitor.id)
