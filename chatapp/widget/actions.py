"""What a visitor can do, the same whether it comes by request or by socket frame: one bucket, one set of rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import get_locale
from flask_babel import gettext as _

from chatapp.attachments import intake
from chatapp.attachments.links import linked
from chatapp.common import limits
from chatapp.common.errors import AppError, not_found
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.endusers import queries as enduser_queries
from chatapp.endusers import services as endusers
from chatapp.messages import services as messages
from chatapp.messages import wire
from chatapp.ratings import services as ratings
from chatapp.transcripts import services as transcripts
from chatapp.widget import payloads, streams
from chatapp.widget.payloads import Payload
from chatapp.widget.visitors import Visitor

_MAX_COMMENT = 2_000


def write(visitor: Visitor, payload: Payload) -> tuple[dict[str, Any], bool]:
    """Take a message: what to answer, and whether it is new. Raises `AppError` 403, 404, 409, 422, 429."""
    limits.hit(limits.VISITOR_MESSAGES, "visitor-messages", str(visitor.id))
    text, client_id = payloads.message_text(payload), payloads.client_id(payload)
    conversation_id, attachment_ids = payloads.conversation_id(payload), payloads.attachment_ids(payload)
    address = payloads.mail_address(payload)
    sent = None
    if visitor.is_known and conversation_id is not None and not attachment_ids and address is None:
        sent = messages.receive_further(
            visitor.project, visitor.id, text=text, client_id=client_id, conversation_id=conversation_id
        )
    if sent is None:
        what: dict[str, Any] = {"text": text, "client_id": client_id, "attachment_ids": attachment_ids}
        sent = _receive(visitor, conversation_id, what, begins=payload.get("begin") is True)
    if address is not None:
        endusers.leave_address(visitor.contact_id, address)
        conversation = conversation_queries.conversation(sent.message.conversation_id)
        conversations.tell_changed(conversation, "contact", f"visitor:{visitor.id}")
    return wire.ack(sent.message), sent.is_new


def take_file(visitor: Visitor) -> dict[str, Any]:
    """The request's file, kept for a message of theirs: what to answer. Raises `AppError` 403, 413, 422, 429, 503."""
    limits.hit(limits.VISITORS_FILES, "visitors-files", limits.caller())
    if visitor.is_known and enduser_queries.is_blocked(visitor.contact_id):
        raise AppError(403, _("This chat takes no new messages."))
    attachment = intake.take(intake.Sender(visitor.project.workspace_id, visitor_id=visitor.id))
    return linked(attachment.facts, attachment.workspace_id)


def _receive(visitor: Visitor, conversation_id: UUID | None, what: dict[str, Any], *, begins: bool) -> messages.Sent:
    session: dict[str, Any] = {"token_hash": visitor.token.hash, "expires_at": visitor.token.expires_at}
    locale = str(get_locale())
    if not visitor.is_known and conversation_id is None:
        newcomer = endusers.welcome(visitor.id, locale=locale, **session)
        if newcomer is not None:
            return messages.receive_first(visitor.project, newcomer, **what)
    end_user = endusers.ensure(visitor.id, locale=locale)
    if not visitor.is_known:
        endusers.open_session(end_user, **session)
    where: dict[str, Any] = {"conversation_id": conversation_id, "begins": begins}
    return messages.receive(visitor.project, end_user, visitor_id=visitor.id, **where, **what)


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
    ratings.rate(own_conversation(visitor, payload), score=rating, comment=comment)


def mail_transcript(visitor: Visitor, payload: Payload) -> None:
    """To the address that the payload names, or else to theirs. Raises `AppError` 404, 409, 422, 429."""
    conversation = conversation_queries.conversation(own_conversation(visitor, payload).id)
    to = payloads.mail_address(payload) or conversation.end_user.address
    if to is None:
        raise AppError(422, _("Enter a mail address."), fields={"email": _("Enter a mail address.")})
    limits.hit(limits.VISITORS_LETTERS, "visitors-letters", str(visitor.id))
    limits.hit(limits.VISITORS_LETTERS, "visitors-letters", limits.caller())
    transcripts.mail_to_visitor(conversation, to=to, locale=str(get_locale()))


def close(visitor: Visitor, payload: Payload) -> None:
    messages.close(own_conversation(visitor, payload), by=None)


def own_conversation(visitor: Visitor, payload: Payload) -> Conversation:
    """The conversation that the payload names, if it is this visitor's. Raises `AppError` 404."""
    conversation_id = payloads.conversation_id(payload)
    if conversation_id is None:
        raise not_found()
    return conversation_queries.conversation_of_visitor(conversation_id, visitor.id)
