"""Reads of what was not seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from chatapp.common.db import db
from chatapp.conversations.models import Conversation
from chatapp.endusers.models import EndUser
from chatapp.messages.models import Message
from chatapp.unseen.models import UnseenAnswer

_MOST_IN_LETTER = 20


def due(at: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Workspaces and conversations to look at, the longest first. Needs `across_tenants`."""
    statement = select(UnseenAnswer.workspace_id, UnseenAnswer.conversation_id).where(UnseenAnswer.due_at <= at)
    return [(row[0], row[1]) for row in db.session.execute(statement.order_by(UnseenAnswer.due_at).limit(limit))]


def waiting(conversation_id: UUID, *, skip_locked: bool = False) -> UnseenAnswer | None:
    """What is known of a conversation, locked; None, too, while somebody else is at it, if that is to be skipped."""
    mine = select(UnseenAnswer).where(UnseenAnswer.conversation_id == conversation_id)
    return db.session.scalar(mine.with_for_update(skip_locked=skip_locked))


def has_reader(conversation_id: UUID) -> bool:
    """Whether there is an address to write to."""
    return _address(conversation_id) is not None


def reachable(conversation_id: UUID) -> Conversation | None:
    """A conversation with its visitor, site and workspace, if they are to be written to: not who is blocked, nor in the
    name of a workspace that is shut."""
    if _address(conversation_id) is None:
        return None
    shown = (joinedload(Conversation.end_user), joinedload(Conversation.project), joinedload(Conversation.workspace))
    found = db.session.scalar(select(Conversation).where(Conversation.id == conversation_id).options(*shown))
    is_shut = found is None or found.workspace.is_suspended or found.workspace.is_closed
    return None if is_shut else found


def unseen(conversation: Conversation, *, after: int, until: int | None = None) -> Sequence[Message]:
    """What the team said after a place and the visitor has not seen, in its order."""
    here = select(Message).where(
        Message.conversation_id == conversation.id,
        Message.kind == "reply",
        Message.author_type != "visitor",
        Message.deleted_at.is_(None),
        Message.seq > max(after, conversation.visitor_read_seq),
    )
    if until is not None:
        here = here.where(Message.seq <= until)
    rows = here.options(joinedload(Message.agent)).order_by(Message.seq.desc()).limit(_MOST_IN_LETTER)
    return list(reversed(db.session.scalars(rows).all()))


def _address(conversation_id: UUID) -> str | None:
    theirs = (Conversation.id == conversation_id, EndUser.blocked_at.is_(None))
    address = select(func.coalesce(EndUser.email, EndUser.left_email))
    return db.session.scalar(address.join(Conversation, Conversation.end_user_id == EndUser.id).where(*theirs))
