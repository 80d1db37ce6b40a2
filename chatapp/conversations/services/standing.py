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
from chatapp.conversations.models import Conversation, ConversationLabel, Participant
from chatapp.conversations.services.following import add_participants
from chatapp.conversations.services.telling import tell_changed, tell_freed, tell_queue, tell_turn
from chatapp.conversations.visibility import desks_of, unrestricted
from chatapp.labels.models import Label
from chatapp.workspaces.models import Membership

Standing = Mapping[str, Any]
"""A value for each of `PARTS`, or for some of them, as JSON keeps it."""

PARTS: Mapping[str, Sequence[str]] = {
    "state": ("status", "closed_at", "snoozed_until", "waiting_since"),
    "place": ("assignee_id", "team_id"),
    "priority": ("priority",),
    "labels": (),
    "participants": (),
    "reading": ("unread_count", "agents_read_seq"),
}
_COMPARED: Mapping[str, Sequence[str]] = {"state": ("last_message_at",)}


def standings(conversations: Sequence[Conversation]) -> dict[UUID, Standing]:
    """How each of them stands now, wherever it lies. Whoever wants to compare holds their locks."""
    with unrestricted(reason="what one has given away stands as it stands, too"):
        ids = [conversation.id for conversation in conversations]
        labels, members = _labels_of(ids), _participants_of(ids)
    sets = {one.id: {"labels": labels[one.id], "participants": members[one.id]} for one in conversations}
    return {one.id: {part: _part(one, part, sets[one.id]) for part in PARTS} for one in conversations}


def put_back(conversation: Conversation, to: Standing, *, left: Standing, actor: str) -> None:
    """It stands as before in these parts, and everybody who would have heard of the change hears of it.

    Who follows it is no matter of all or nothing: those go whom the deed brought, which has `left` it so, and those
    come whom it took away.
    """
    before, was_open, assignee_id = desks_of(conversation), conversation.is_open, conversation.assignee_id
    for part in to:
        for name in PARTS[part]:
            setattr(conversation, name, _value(name, to[part][name]))
    if "labels" in to:
        _put_labels_back(conversation, to["labels"])
    if "participants" in to:
        _put_participants_back(conversation, before=to["participants"], left=left["participants"])
    conversation.changed_at = now()
    tell_changed(conversation, "undone", actor, before)
    if was_open and (conversation.assignee_id != assignee_id or not conversation.is_open):
        tell_freed(conversation, assignee_id)
    if not to.keys().isdisjoint({"state", "place"}):
        tell_queue(conversation)
    if "state" in to:
        tell_turn(conversation, actor)


def _part(conversation: Conversation, part: str, sets: Mapping[str, Collection[UUID]]) -> Any:
    if part in sets:
        return sorted(str(one) for one in sets[part])
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


def _participants_of(conversation_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = select(Participant).where(Participant.conversation_id.in_(conversation_ids))
    for row in db.session.scalars(rows):
        found[row.conversation_id].add(row.user_id)
    return found


def _put_participants_back(conversation: Conversation, *, before: Sequence[str], left: Sequence[str]) -> None:
    brought = [UUID(one) for one in set(left) - set(before)]
    here = (Participant.conversation_id == conversation.id, Participant.user_id.in_(brought))
    db.session.execute(delete(Participant).where(*here))
    taken = [UUID(one) for one in set(before) - set(left)]
    still = db.session.scalars(select(Membership.user_id).where(Membership.user_id.in_(taken))).all()
    add_participants(conversation, still)
    db.session.expire(conversation, ["participants_shown"])


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
