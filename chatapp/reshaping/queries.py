"""Reads for changing the shape of conversations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, true

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import current_sight
from chatapp.endusers.models import EndUser
from chatapp.messages.models import Message
from chatapp.search.queries import people_ids

SAID = ("reply", "note")
_MOST_PEOPLE = 8


def mergeable(conversation: Conversation, limit: int = 20) -> Sequence[Conversation]:
    """What else the same visitor wrote on the same site, the latest first."""
    theirs = (
        Conversation.is_read_by(conversation.reader_id),
        Conversation.project_id == conversation.project_id,
        Conversation.channel_kind == conversation.channel_kind,
        Conversation.merged_into_id.is_(None),
        Conversation.id != conversation.id,
    )
    latest = select(Conversation).where(*theirs).order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
    return db.session.scalars(latest.limit(limit)).all()


def said(conversation_id: UUID, *, since: int = 0) -> Sequence[Message]:
    """What people said from a place on, in order; no lines about what was done."""
    here = (Message.conversation_id == conversation_id, Message.kind.in_(SAID), Message.seq >= since)
    return db.session.scalars(select(Message).where(*here).order_by(Message.seq)).all()


def latest_replies(conversation_id: UUID, limit: int = 30) -> Sequence[Message]:
    """From which a conversation can be split, the newest first: every one but the first."""
    here = (Message.conversation_id == conversation_id, Message.kind == "reply", Message.deleted_at.is_(None))
    first = select(Message.seq).where(*here).order_by(Message.seq).limit(1).scalar_subquery()
    newest = select(Message).where(*here, Message.seq > first).order_by(Message.seq.desc()).limit(limit)
    return db.session.scalars(newest).all()


def since(conversation_id: UUID, moment: datetime) -> Sequence[Message]:
    """Everything that was written from a moment on."""
    here = (Message.conversation_id == conversation_id, Message.created_at >= moment)
    return db.session.scalars(select(Message).where(*here)).all()


def those(ids: Collection[UUID], conversation_id: UUID) -> Sequence[Message]:
    """Those of these that are still in this conversation, in order."""
    here = (Message.conversation_id == conversation_id, Message.id.in_(ids))
    return db.session.scalars(select(Message).where(*here).order_by(Message.seq)).all()


def message(message_id: UUID, conversation_id: UUID) -> Message:
    """A message of this conversation. Raises `AppError` 404."""
    here = (Message.conversation_id == conversation_id, Message.id == message_id)
    found = db.session.scalar(select(Message).where(*here))
    if found is None:
        raise not_found()
    return found


def newest_reply(conversation_id: UUID, *, by: str | None = None) -> Message | None:
    here = [Message.conversation_id == conversation_id, Message.kind == "reply", Message.deleted_at.is_(None)]
    if by is not None:
        here.append(Message.author_type == by)
    return db.session.scalar(select(Message).where(*here).order_by(Message.seq.desc()).limit(1))


def first_visitors_word(conversation_id: UUID, *, after: int) -> Message | None:
    """Since when a visitor waits whom nobody has answered after a place."""
    here = (Message.conversation_id == conversation_id, Message.kind == "reply", Message.author_type == "visitor")
    return db.session.scalar(select(Message).where(*here, Message.seq > after).order_by(Message.seq).limit(1))


def people(words: str) -> Sequence[EndUser]:
    """Contacts that the member sees and whose name or mail address fits, the best fit first."""
    ids = people_ids(words, limit=50)
    found = {person.id: person for person in db.session.scalars(_seen().where(EndUser.id.in_(ids)))} if ids else {}
    return [found[person_id] for person_id in ids if person_id in found][:_MOST_PEOPLE]


def person(end_user_id: UUID) -> EndUser:
    """A contact that the member sees. Raises `AppError` 404."""
    found = db.session.scalar(_seen().where(EndUser.id == end_user_id))
    if found is None:
        raise not_found()
    return found


def _seen() -> Select[Any]:
    sight = current_sight()
    theirs = select(Conversation.id).where(Conversation.end_user_id == EndUser.id, sight.criterion())
    here = select(EndUser).where(EndUser.merged_into_id.is_(None))
    return here.where(true() if sight.is_everything else theirs.correlate(EndUser).exists())
