"""How a conversation stands, as plain values, so that what was done to it can be taken back.

It stands in `PARTS`: a deed changes some of them, and only those are put back. What is compared beside them tells
whether somebody has written meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, inspect, select

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.conversations.models import Conversation, ConversationLabel
from chatapp.conversations.services.telling import tell_changed, tell_freed, tell_queue, tell_turn
from chatapp.conversations.visibility import desks_of, unrestricted
from chatapp.labels.models import Label

Standing = Mapping[str, Any]
"""A value for each of `PARTS`, or for some of them, as JSON keeps it."""

PARTS: Mapping[str, Sequence[str]] = {
    "state": ("status", "closed_at", "snoozed_until", "waiting_since"),
    "place": ("assignee_id", "team_id"),
    "priority": ("priority",),
    "labels": (),
    "reading": ("unread_count", "agents_read_seq"),
}
_COMPARED: Mapping[str, Sequence[str]] = {"state": ("last_message_at",)}


def standings(conversations: Sequence[Conversation]) -> dict[UUID, Standing]:
    """How each of them stands now, wherever it lies. Whoever wants to compare holds their locks."""
    with unrestricted(reason="what one has given away stands as it stands, too"):
        labels = _labels_of([conversation.id for conversation in conversations])
    return {one.id: {part: _part(one, part, labels[one.id]) for part in PARTS} for one in conversations}


def put_back(conversation: Conversation, to: Standing, *, actor: str) -> None:
    """It stands as before in these parts, and everybody who would have heard of the change hears of it."""
    before, was_open, assignee_id = desks_of(conversation), conversation.is_open, conversation.assignee_id
    for part in to.keys() - {"labels"}:
        for name in PARTS[part]:
            setattr(conversation, name, _value(name, to[part][name]))
    if "labels" in to:
        _put_labels_back(conversation, to["labels"])
    conversation.changed_at = now()
    tell_changed(conversation, "undone", actor, before)
    if was_open and (conversation.assignee_id != assignee_id or not conversation.is_open):
        tell_freed(conversation, assignee_id)
    if not to.keys().isdisjoint({"state", "place"}):
        tell_queue(conversation)
    if "state" in to:
        tell_turn(conversation, actor)


def _part(conversation: Conversation, part: str, labels: Collection[UUID]) -> Any:
    if part == "labels":
        return sorted(str(label_id) for label_id in labels)
    return {name: _plain(getattr(conversation, name)) for name in (*PARTS[part], *_COMPARED.get(part, ()))}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _value(name: str, plain: Any) -> object:
    kind = inspect(Conversation).columns[name].type.python_type
    if plain is None or not issubclass(kind, datetime | UUID):
        return plain
    return datetime.fromisoformat(plain) if kind is datetime else UUID(plain)


def _labels_of(conversation_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    worn: dict[UUID, set[UUID]] = defaultdict(set)
    labels = select(ConversationLabel).where(ConversationLabel.conversation_id.in_(conversation_ids))
    for row in db.session.scalars(labels):
        worn[row.conversation_id].add(row.label_id)
    return worn


def _put_labels_back(conversation: Conversation, wanted: Sequence[str]) -> None:
    """Those that still exist."""
    there = db.session.scalars(select(Label.id).where(Label.id.in_([UUID(label_id) for label_id in wanted]))).all()
    db.session.execute(delete(ConversationLabel).where(ConversationLabel.conversation_id == conversation.id))
    db.session.add_all(
        ConversationLabel(workspace_id=conversation.workspace_id, conversation_id=conversation.id, label_id=label_id)
        for label_id in there
    )
    db.session.flush()
    db.session.expire(conversation, ["labels_shown"])
