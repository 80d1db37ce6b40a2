"""How urgent a conversation is, what it is about, and who is called in its notes."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.conversations import queries
from chatapp.conversations.models import PRIORITIES, Conversation, ConversationLabel, Mention
from chatapp.conversations.services.following import add_participants
from chatapp.conversations.services.telling import tell_changed
from chatapp.labels.models import Label


def set_priority(conversation: Conversation, *, to: str, actor: str) -> bool:
    """`to` is one of `PRIORITIES`; False if it has that already."""
    if conversation.priority_name == to:
        return False
    conversation.priority, conversation.changed_at = PRIORITIES.index(to), now()
    tell_changed(conversation, "priority", actor)
    return True


def add_label(conversation: Conversation, label: Label, *, actor: str) -> bool:
    """False if it has it already."""
    if queries.label_of(conversation.id, label.id):
        return False
    db.session.add(
        ConversationLabel(workspace_id=conversation.workspace_id, conversation_id=conversation.id, label_id=label.id)
    )
    _note_labels(conversation, actor)
    return True


def remove_label(conversation: Conversation, label: Label, *, actor: str) -> bool:
    """False if it has not."""
    found = queries.label_of(conversation.id, label.id)
    if found is None:
        return False
    db.session.delete(found)
    _note_labels(conversation, actor)
    return True


def _note_labels(conversation: Conversation, actor: str) -> None:
    conversation.changed_at = now()
    db.session.flush()
    db.session.expire(conversation, ["labels_shown"])
    tell_changed(conversation, "labels", actor)


def note_mentions(conversation: Conversation, *, seq: int, agents: Collection[UUID], teams: Collection[UUID]) -> None:
    """Who is called in the note at this place, instead of whoever was."""
    here = (Mention.conversation_id == conversation.id, Mention.seq == seq)
    before = {(one.user_id, one.team_id): one for one in db.session.scalars(select(Mention).where(*here))}
    wanted = {(user_id, None) for user_id in agents} | {(None, team_id) for team_id in teams}
    if before.keys() == wanted:
        return
    for key in before.keys() - wanted:
        db.session.delete(before[key])
    about = {"workspace_id": conversation.workspace_id, "conversation_id": conversation.id, "seq": seq}
    db.session.add_all(
        Mention(**about, user_id=user_id, team_id=team_id) for user_id, team_id in wanted - before.keys()
    )
    add_participants(conversation, agents)
    conversation.changed_at = now()
