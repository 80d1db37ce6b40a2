"""Who follows a conversation beside whoever has it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.conversations import queries
from chatapp.conversations.models import Conversation, Participant
from chatapp.conversations.services.telling import tell_changed


def join(conversation: Conversation, user_ids: Collection[UUID], *, actor: str) -> bool:
    """Follow it from now on; False if all of them did already."""
    if not add_participants(conversation, user_ids):
        return False
    _tell(conversation, actor)
    return True


def leave(conversation: Conversation, user_id: UUID, *, actor: str) -> bool:
    """Follow it no longer; False if they did not."""
    theirs = (Participant.conversation_id == conversation.id, Participant.user_id == user_id)
    gone = db.session.execute(delete(Participant).where(*theirs).returning(Participant.user_id)).all()
    if not gone:
        return False
    _tell(conversation, actor)
    return True


def add_participants(conversation: Conversation, user_ids: Collection[UUID]) -> bool:
    """As `join`, as a part of something else that is told, and before it goes out of anybody's sight; False if nothing
    changes. The caller holds the conversation's lock."""
    there = set(queries.participant_ids(conversation.id)) if user_ids else set()
    news = set(user_ids) - there
    about = {"workspace_id": conversation.workspace_id, "conversation_id": conversation.id}
    db.session.add_all(Participant(**about, user_id=user_id) for user_id in news)
    if news:
        db.session.flush()
        db.session.expire(conversation, ["participants_shown"])
    return bool(news)


def _tell(conversation: Conversation, actor: str) -> None:
    conversation.changed_at = now()
    db.session.flush()
    db.session.expire(conversation, ["participants_shown"])
    tell_changed(conversation, "participants", actor)
