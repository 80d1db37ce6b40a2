"""What merging and splitting share: messages change their thread, and threads stand as their messages say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.common.ids import uuid7
from chatapp.conversations import queries as conversations
from chatapp.conversations import services as conversation_services
from chatapp.conversations.models import Conversation
from chatapp.endusers import queries as endusers
from chatapp.messages.models import Message
from chatapp.reshaping import queries
from chatapp.reshaping.events import ConversationReshaped
from chatapp.reshaping.permissions import RESHAPE
from chatapp.scheduled import queries as scheduled
from chatapp.sla import queries as sla
from chatapp.sla.services import clocks
from chatapp.undo.models import Deed
from chatapp.workspaces.models import Membership

MOST = 2_000
"""Messages that move at once: all of it is one transaction, in which nobody else writes there."""


def locked_pair(one: UUID, other: UUID) -> tuple[Conversation, Conversation]:
    """Both, in the order asked for; locked in the order that everybody keeps. Raises `AppError` 404."""
    found = {conversation_id: conversations.locked(conversation_id) for conversation_id in sorted((one, other))}
    return found[one], found[other]


def locked_with_contact(conversation: Conversation) -> Conversation:
    """Whoever begins another conversation of its contact locks the contact first, as everybody who locks both does.

    Raises `AppError` 404, 409.
    """
    contact = endusers.locked(conversation.end_user_id)
    found = conversations.locked(conversation.id)
    if found.end_user_id != contact.id:
        raise AppError(409, _("Somebody has changed this contact meanwhile. Look again."))
    return found


def take_in(conversation: Conversation, messages: Sequence[Message]) -> None:
    """Messages come from another thread. They and what was written here since the first of them get new numbers, in
    the order of time, above every number that anybody has seen."""
    if not messages:
        return
    tail = queries.since(conversation.id, min(message.created_at for message in messages))
    read = _furthest(tail, conversation.visitor_read_seq), _furthest(tail, conversation.agents_read_seq)
    renumbered = sorted([*tail, *messages], key=lambda message: (message.created_at, message.id))
    for message in renumbered:
        message.conversation_id = conversation.id
        message.seq = message.revision = conversation.next_seq()
    _keep_quotes(renumbered)
    for name, last_read in zip(("visitor_read_seq", "agents_read_seq"), read, strict=True):
        if last_read is not None:
            setattr(conversation, name, last_read.seq)
    db.session.flush()


def _keep_quotes(renumbered: Sequence[Message]) -> None:
    """Who quotes one of them quotes it by its new number."""
    numbers = {str(message.id): message.seq for message in renumbered}
    for message in renumbered:
        if message.quote and message.quote["id"] in numbers:
            message.quote = {**message.quote, "seq": numbers[message.quote["id"]]}


def _furthest(messages: Sequence[Message], seq: int) -> Message | None:
    """The last of these that had been read: its new number is how far was read."""
    return max((one for one in messages if one.seq <= seq), key=lambda one: one.seq, default=None)


@contextmanager
def clocks_kept(conversation: Conversation) -> Iterator[None]:
    """What was said before stays measured as it was: new numbers are not news for the targets. What waits to be sent
    and was not answered is not answered by them either."""
    clocks.follow(conversation.id)
    silent = [reply for reply in scheduled.waiting(conversation.id) if not scheduled.is_answered(reply)]
    yield
    cursor = sla.cursor(conversation.id)
    if cursor is not None:
        cursor.seq = conversation.last_seq
    for reply in silent:
        reply.seen_seq = conversation.last_seq
    db.session.flush()


STANDING = ("unread_count", "status", "closed_at", "snoozed_until")


def stand_anew(conversation: Conversation, *, unread: int, actor: str) -> None:
    """As its messages say now: what lists show, and whether somebody waits. Numbers that anybody holds are over."""
    newest = queries.newest_reply(conversation.id)
    if newest is not None:
        conversation.preview = conversation_services.preview_of(newest.gist)
        conversation.preview_author = "visitor" if newest.author_type == "visitor" else "agent"
        conversation.last_message_at = newest.created_at
    answer = queries.newest_reply(conversation.id, by="agent")
    waiting = queries.first_visitors_word(conversation.id, after=answer.seq if answer else 0)
    is_over = conversation.is_closed
    conversation.waiting_since = waiting.created_at if waiting and not is_over else None
    conversation.unread_count = unread
    conversation.epoch, conversation.changed_at = uuid7(), now()
    tell(conversation, actor)


def tell(conversation: Conversation, actor: str, *, visitor_id: UUID | None = None) -> None:
    """Rows, heads and threads are drawn anew; the visitor's, too, or those of whoever had it."""
    conversation_services.tell_reshaped(conversation, actor)
    emit(
        ConversationReshaped(
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            visitor_id=visitor_id or conversation.reader_id,
            actor=actor,
        )
    )


def standing(conversation: Conversation) -> dict[str, Any]:
    """As plain values, for the day it is taken back."""
    values = {name: getattr(conversation, name) for name in STANDING}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def refuse_if_not_as_left(deed: Deed, by: Membership, *lefts: tuple[Conversation, str]) -> None:
    """Raises `AppError` 403, and 409 when something was said or done in one of them since."""
    if not by.may(RESHAPE):
        raise AppError(403, _("Your role in this workspace does not allow this. Ask an owner or an admin."))
    if any(conversation.last_seq != deed.facts[name] for conversation, name in lefts):
        raise AppError(409, _("Something has happened here meanwhile, so this was not undone."))


def demand_few(messages: Sequence[Message]) -> None:
    if len(messages) > MOST:
        raise AppError(409, _("This is about more than %(count)s messages, which is too much at once.", count=MOST))
