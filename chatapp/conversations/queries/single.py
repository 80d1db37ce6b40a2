"""One conversation, ready to be shown or to be written in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, inspect, select
from sqlalchemy.orm import joinedload, undefer

from chatapp.attributes import queries as attributes
from chatapp.attributes.queries import Filled
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.conversations.models import Conversation, ConversationChange, ConversationLabel, Participant

FOR_DISPLAY = (
    joinedload(Conversation.end_user, innerjoin=True),
    joinedload(Conversation.project, innerjoin=True),
    joinedload(Conversation.assignee),
    joinedload(Conversation.team),
    joinedload(Conversation.workspace, innerjoin=True),
    undefer(Conversation.labels_shown),
    undefer(Conversation.mentions_shown),
    undefer(Conversation.participants_shown),
)
_SHOWN = frozenset(
    {"end_user", "project", "assignee", "team", "workspace", "labels_shown", "mentions_shown", "participants_shown"}
)


def is_ready_for_display(conversation: Conversation) -> bool:
    """Whether everything is in hand that `FOR_DISPLAY` loads. Locking a conversation again takes it out of hand."""
    return _SHOWN.isdisjoint(inspect(conversation).unloaded)


def conversation(conversation_id: UUID) -> Conversation:
    """A conversation of the current workspace, ready to be shown. Raises `AppError` 404."""
    found = db.session.scalar(select(Conversation).where(Conversation.id == conversation_id).options(*FOR_DISPLAY))
    if found is None:
        raise not_found()
    return found


def attributes_of(conversation: Conversation) -> dict[str, list[Filled]]:
    """What a company wants to know about it and about its contact, and what is known of that, by subject."""
    values = {"conversations": conversation.attributes, "contacts": conversation.end_user.attributes}
    return attributes.filled(values)


def in_sight(conversation_id: UUID) -> bool:
    """Whether the current session sees it; not, after its own doing has taken it out of the member's sight."""
    return db.session.scalar(select(Conversation.id).where(Conversation.id == conversation_id)) is not None


def locked(conversation_id: UUID) -> Conversation:
    """The conversation with its row locked, fresh from the database. Whoever writes in it starts here.

    Raises `AppError` 404 when it went out of sight meanwhile.
    """
    found: Conversation | None = db.session.scalar(
        _locking(select(Conversation).where(Conversation.id == conversation_id))
    )
    if found is None:
        raise not_found()
    return found


def locked_each(conversation_ids: Sequence[UUID]) -> Sequence[Conversation]:
    """Those of them that are in sight, locked in one order, so that two who do this do not wait for each other."""
    statement = select(Conversation).where(Conversation.id.in_(conversation_ids)).order_by(Conversation.id)
    return db.session.scalars(_locking(statement)).all()


def changes_of(deed_id: UUID, *, among: Sequence[UUID] | None = None) -> Sequence[ConversationChange]:
    """What a deed changed, conversation by conversation; in all of them, or in these."""
    statement = select(ConversationChange).where(ConversationChange.deed_id == deed_id)
    if among is not None:
        statement = statement.where(ConversationChange.conversation_id.in_(among))
    return db.session.scalars(statement).all()


def locked_if_free(conversation_id: UUID) -> Conversation | None:
    """As `locked`, but None instead of waiting while somebody writes in it."""
    statement = select(Conversation).where(Conversation.id == conversation_id).with_for_update(skip_locked=True)
    return db.session.scalar(statement.execution_options(populate_existing=True))


def conversation_of_visitor(conversation_id: UUID, visitor_id: UUID, *, lock: bool = False) -> Conversation:
    """A visitor's own conversation, or the one it was merged into, locked if asked. Raises `AppError` 404 for anybody
    else's."""
    statement = (
        select(Conversation)
        .where(Conversation.id == conversation_id, Conversation.is_read_by(visitor_id))
        .options(joinedload(Conversation.workspace, innerjoin=True))
    )
    found = db.session.scalar(_locking(statement) if lock else statement)
    if found is None:
        raise not_found()
    if found.merged_into_id is not None:
        return conversation_of_visitor(found.merged_into_id, visitor_id, lock=lock)
    return found


def conversations_of_visitor(visitor_id: UUID, limit: int = 20) -> Sequence[Conversation]:
    """What a visitor reads on the site, latest first."""
    return _latest(Conversation.is_read_by(visitor_id), limit)


def _latest(whose: ColumnElement[bool], limit: int) -> Sequence[Conversation]:
    return db.session.scalars(
        select(Conversation)
        .where(whose, Conversation.merged_into_id.is_(None))
        .options(joinedload(Conversation.assignee))
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(limit)
    ).all()


def other_conversations(conversation: Conversation, limit: int = 5) -> Sequence[Conversation]:
    """What the same contact wrote about before and since, latest first."""
    found = _latest(Conversation.end_user_id == conversation.end_user_id, limit + 1)
    return [other for other in found if other.id != conversation.id][:limit]


def locked_of_contact(end_user_id: UUID, limit: int = 20) -> Sequence[Conversation]:
    """A contact's latest conversations, locked in one order, so that two who do this do not wait for each other."""
    latest = (
        select(Conversation.id)
        .where(Conversation.end_user_id == end_user_id)
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(limit)
    )
    statement = select(Conversation).where(Conversation.id.in_(latest)).order_by(Conversation.id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def unclosed_of_contact(end_user_id: UUID) -> Sequence[Conversation]:
    """What a contact has that is not closed, oldest first: whoever locks several does so in one order."""
    theirs = (Conversation.end_user_id == end_user_id, Conversation.status != "closed")
    return db.session.scalars(select(Conversation).where(*theirs).order_by(Conversation.id)).all()


def open_conversations_of(user_id: UUID) -> Sequence[Conversation]:
    """What a member has that is not closed, oldest first: whoever locks several does so in one order."""
    return db.session.scalars(
        select(Conversation)
        .where(Conversation.assignee_id == user_id, Conversation.status != "closed")
        .order_by(Conversation.id)
    ).all()


def label_of(conversation_id: UUID, label_id: UUID) -> ConversationLabel | None:
    """That a conversation has a label, if it has it."""
    mine = (ConversationLabel.conversation_id == conversation_id, ConversationLabel.label_id == label_id)
    return db.session.scalar(select(ConversationLabel).where(*mine))


def participant_ids(conversation_id: UUID) -> Sequence[UUID]:
    """The members who follow it."""
    theirs = select(Participant.user_id).where(Participant.conversation_id == conversation_id)
    return db.session.scalars(theirs).all()


def deleted_before(moment: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Workspaces and conversations that were deleted by then, the longest ago first. Needs `across_tenants`, and
    `with_deleted`."""
    statement = select(Conversation.workspace_id, Conversation.id).where(Conversation.deleted_at <= moment)
    rows = db.session.execute(statement.order_by(Conversation.deleted_at).limit(limit))
    return [(row[0], row[1]) for row in rows]


def due_to_wake(at: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Workspaces and conversations whose snooze is over, the longest first. Needs `across_tenants`."""
    statement = (
        select(Conversation.workspace_id, Conversation.id)
        .where(Conversation.status == "snoozed", Conversation.snoozed_until <= at)
        .order_by(Conversation.snoozed_until)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def _locking(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update(of=Conversation).execution_options(populate_existing=True)
