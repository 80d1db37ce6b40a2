"""Reads about messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, inspect, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from chatapp.auth.models import User
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.conversations.models import Conversation
from chatapp.conversations.queries import FOR_DISPLAY, is_ready_for_display
from chatapp.messages.models import Message, MessageVersion
from chatapp.workspaces.models import Workspace

PAGE_SIZE = 50
CATCH_UP_LIMIT = 500
MOST_AT_ONCE = 1_000
_LEAD = 10
_WITH_AUTHOR = joinedload(Message.agent)


def message_for_display(message_id: UUID) -> Message:
    """A message with its author and its conversation, ready to be shown, in one query; once in a unit of work.

    Whoever writes a message asks before the commit, and whoever shows it afterwards finds it in the session.
    """
    session = db.session()
    asked: dict[UUID, Message] = session.info.setdefault("messages_for_display", {})
    if message_id not in asked or not _is_ready_for_display(asked[message_id]):
        conversation = joinedload(Message.conversation, innerjoin=True)
        asked[message_id] = session.scalars(
            select(Message).where(Message.id == message_id).options(_WITH_AUTHOR, conversation.options(*FOR_DISPLAY))
        ).one()
    return asked[message_id]


def _is_ready_for_display(message: Message) -> bool:
    return "conversation" not in inspect(message).unloaded and is_ready_for_display(message.conversation)


def was_handed_out(conversation_id: UUID, *, after: int) -> bool:
    """Whether a team's queue alone has given it to somebody since then: no agent has done anything."""
    lines = select(Message.agent_id, Message.activity["name"].astext).where(
        Message.conversation_id == conversation_id, Message.seq > after, Message.kind == "activity"
    )
    found = db.session.execute(lines).all()
    by_queue = any(name.startswith("handed_out_") for _agent_id, name in found)
    return by_queue and all(agent_id is None for agent_id, _name in found)


def message(message_id: UUID) -> Message:
    """One that is seen, with its author. Raises `AppError` 404."""
    found = db.session.scalar(select(Message).where(Message.id == message_id).options(_WITH_AUTHOR))
    if found is None:
        raise not_found()
    return found


def message_of(conversation_id: UUID, message_id: UUID) -> Message:
    """One of this conversation, with its author. Raises `AppError` 404."""
    found = message(message_id)
    if found.conversation_id != conversation_id:
        raise not_found()
    return found


def by_seq(conversation_id: UUID, seq: int) -> Message:
    """The one at a place of a conversation whose lock is held."""
    return db.session.scalars(
        select(Message).where(Message.conversation_id == conversation_id, Message.seq == seq)
    ).one()


def quoting(message: Message) -> Sequence[Message]:
    """Those that quote it, in order. Its conversation's lock is held."""
    here = (Message.conversation_id == message.conversation_id, Message.seq > message.seq)
    quotes = Message.quote["id"].astext == str(message.id)
    return db.session.scalars(select(Message).where(*here, quotes).order_by(Message.seq)).all()


def fresh(message: Message) -> Message:
    """As it is now, for who holds its conversation's lock. Raises `AppError` 404 when it has gone."""
    statement = select(Message).where(Message.id == message.id).options(_WITH_AUTHOR)
    found = db.session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise not_found()
    return found


def versions(message: Message) -> Sequence[MessageVersion]:
    """What it said before, the latest first."""
    here = (MessageVersion.conversation_id == message.conversation_id, MessageVersion.seq == message.seq)
    return db.session.scalars(select(MessageVersion).where(*here).order_by(MessageVersion.id.desc())).all()


def first_text(message: Message) -> str:
    """What it said when it was sent."""
    earlier = versions(message) if message.edited_at else ()
    return earlier[-1].text if earlier else message.text


def last_said(conversation_id: UUID) -> Message | None:
    """The last reply by anybody that is still there."""
    said = (Message.conversation_id == conversation_id, Message.kind == "reply", Message.deleted_at.is_(None))
    return db.session.scalar(select(Message).where(*said).order_by(Message.seq.desc()).limit(1))


def last_agents(conversation_ids: Collection[UUID]) -> Mapping[UUID, User]:
    """Who of the team spoke last in each of these conversations."""
    statement = (
        select(Message.conversation_id, User)
        .join(User, User.id == Message.agent_id)
        .where(Message.conversation_id.in_(conversation_ids), Message.kind == "reply", Message.deleted_at.is_(None))
        .ext(distinct_on(Message.conversation_id))
        .order_by(Message.conversation_id, Message.seq.desc())
    )
    return {row[0]: row[1] for row in db.session.execute(statement)} if conversation_ids else {}


def by_client_id(conversation_id: UUID, client_id: UUID) -> Message | None:
    return db.session.scalar(
        select(Message).where(Message.conversation_id == conversation_id, Message.client_id == client_id)
    )


def by_client_id_of_visitor(visitor_id: UUID, client_id: UUID) -> Message | None:
    """A visitor's message, whichever of their conversations it went to."""
    return db.session.scalar(
        select(Message)
        .join(Message.conversation)
        .where(Conversation.is_read_by(visitor_id), Message.client_id == client_id, Message.author_type == "visitor")
    )


def answer_by_others(conversation_id: UUID, *, after: int, than: UUID) -> Message | None:
    """The first reply after a place by any agent but this one, with its author."""
    return db.session.scalar(
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.seq > after,
            Message.kind == "reply",
            Message.author_type == "agent",
            Message.deleted_at.is_(None),
            Message.agent_id.is_distinct_from(than),
        )
        .options(_WITH_AUTHOR)
        .order_by(Message.seq)
        .limit(1)
    )


def page_size_down_to(conversation: Conversation, message_id: UUID) -> int:
    """How many of the newest messages reach back to one of them, with a few before it; `PAGE_SIZE` if it is not there.

    Nobody is shown more than `MOST_AT_ONCE`: what is older than that is reached by scrolling.
    """
    seq = db.session.scalar(
        select(Message.seq).where(Message.id == message_id, Message.conversation_id == conversation.id)
    )
    return PAGE_SIZE if seq is None else min(max(conversation.last_seq - seq + _LEAD, PAGE_SIZE), MOST_AT_ONCE)


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


def idle(at: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Workspaces and open conversations that were answered, and in which nothing has happened since for as long as
    their workspace waits: the longest first. Needs `across_tenants`."""
    statement = _idle(select(Conversation.workspace_id, Conversation.id), at)
    rows = db.session.execute(statement.order_by(Conversation.last_message_at).limit(limit))
    return [(row[0], row[1]) for row in rows]


def workspace_that_waited(conversation_id: UUID, at: datetime) -> Workspace | None:
    """Whose conversation it is, if it is `idle`."""
    found: Workspace | None = db.session.scalar(_idle(select(Workspace), at).where(Conversation.id == conversation_id))
    return found


def _idle(statement: Any, at: datetime) -> Any:
    """Who waits for an agent is never idle, and a note or an activity line begins the time anew."""
    latest = at - func.make_interval(0, 0, 0, 0, Workspace.idle_close_hours)
    newest = (
        select(Message.created_at)
        .where(Message.workspace_id == Conversation.workspace_id, Message.conversation_id == Conversation.id)
        .order_by(Message.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    return statement.where(
        Workspace.id == Conversation.workspace_id,
        Workspace.idle_close_hours.is_not(None),
        Workspace.closed_at.is_(None),
        Workspace.suspended_at.is_(None),
        Conversation.status == "open",
        Conversation.waiting_since.is_(None),
        Conversation.preview_author != "visitor",
        Conversation.last_message_at <= latest,
        newest <= latest,
    )


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
            Message.deleted_at.is_(None),
            Message.seq > Conversation.visitor_read_seq,
        )
        .group_by(Message.conversation_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}
