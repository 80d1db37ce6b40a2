"""Rate a conversation."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import update

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.messages import corrections
from chatapp.messages import queries as message_queries
from chatapp.messages import services as messages
from chatapp.ratings import queries
from chatapp.ratings.models import Rating
from chatapp.workspaces import queries as workspaces

LINE = "rated"


def rate(conversation: Conversation, *, score: int, comment: str | None) -> None:
    """The visitor's verdict, told in the thread. Until the conversation opens again, a later one replaces it."""
    conversation = conversation_queries.locked(conversation.id)
    held = queries.newest(conversation.id) if conversation.rating is not None else None
    if held is not None and (held.score, held.comment) == (score, comment):
        return
    facts: dict[str, Any] = {"score": score, "comment": comment}
    if held is None:
        line = messages.record_activity(conversation, LINE, author="visitor", **facts)
        about = {"conversation_id": conversation.id, "seq": line.seq, "agent_id": _who_is_rated(conversation)}
        db.session.flush()
        db.session.add(Rating(**about, **facts))
    else:
        held.score, held.comment, held.changed_at = score, comment, now()
        if held.seq is not None:
            corrections.rewrite_activity(conversation, held.seq, actor=f"visitor:{conversation.end_user_id}", **facts)
    conversations.rate(conversation, rating=score, comment=comment)
    db.session.flush()


def _who_is_rated(conversation: Conversation) -> UUID | None:
    """Who has it, or else who spoke last: whose name the visitor saw, if they are still there."""
    spoke_last = message_queries.last_agents([conversation.id]).get(conversation.id)
    if conversation.assignee_id or spoke_last is None:
        return conversation.assignee_id
    pair = (conversation.workspace_id, spoke_last.id)
    return spoke_last.id if workspaces.existing_memberships([pair]) else None


def forget_comments(conversation_ids: Collection[UUID]) -> None:
    """The figures stay; what somebody wrote goes."""
    theirs = update(Rating).where(Rating.conversation_id.in_(conversation_ids))
    db.session.execute(theirs.values(comment=None))
