"""Reads about messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from chatapp.common.db import db
from chatapp.conversations.models import Conversation
from chatapp.conversations.queries import FOR_DISPLAY
from chatapp.messages.models import Message

PAGE_SIZE = 50
CATCH_UP_LIMIT = 500
_WITH_AUTHOR = joinedload(Message.agent)


def message_for_display(message_id: UUID) -> Message:
    """A message with its author and its conversation, ready to be shown, in one query."""
    conversation = joinedload(Message.conversation, innerjoin=True)
    return db.session.scalars(
        select(Message).where(Message.id == message_id).options(_WITH_AUTHOR, conversation.options(*FOR_DISPLAY))
    ).one()


def by_client_id(conversation_id: UUID, client_id: UUID) -> Message | None:
    return db.session.scalar(
        select(Message).where(Message.conversation_id == conversation_id, Message.client_id == client_id)
    )


def by_client_id_of_visitor(end_user_id: UUID, client_id: UUID) -> Message | None:
    """A visitor's message, whichever of their conversations it went to."""
    return db.session.scalar(
        select(Message)
        .join(Message.conversation)
        .where(
            Conversation.end_user_id == end_user_id, Message.client_id == client_id, Message.author_type == "visitor"
        )
    )


def latest(
    conversation_id: UUID, *, before: int | None = None, for_visitor: bool = False, limit: int = PAGE_SIZE
) -> Sequence[Message]:
    """The last messages, oldest first; those before a place if one is given. One above `limit` if there are more."""
    statement = select(Message).where(Message.conversation_id == conversation_id)
    if for_visitor:
        statement = statement.where(Message.kind == "reply")
    if before is not None:
        statement = statement.where(Message.seq < before)
    rows = db.session.scalars(statement.options(_WITH_AUTHOR).order_by(Message.seq.desc()).limit(limit + 1)).all()
    return list(reversed(rows))


def since(
    conversation_id: UUID, revision: int, *, for_visitor: bool = False, limit: int = CATCH_UP_LIMIT
) -> Sequence[Message]:
    """What was written or changed after a revision, in that order. A visitor is never given what is private."""
    statement = select(Message).where(Message.conversation_id == conversation_id, Message.revision > revision)
    if for_visitor:
        statement = statement.where(Message.kind == "reply")
    return db.session.scalars(statement.options(_WITH_AUTHOR).order_by(Message.revision).limit(limit)).all()


def unread_by_visitor(conversation_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many answers in each of a visitor's conversations they have not seen; those with none are left out."""
    if not conversation_ids:
        return {}
    statement = (
        select(Message.conversation_id, func.count())
        .join(Message.conversation)
        .where(
            Message.conversation_id.in_(conversation_ids),
            Message.kind == "reply",
            Message.author_type != "visitor",
            Message.seq > Conversation.visitor_read_seq,
        )
        .group_by(Message.conversation_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}
