"""Reads of ratings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from chatapp.common.db import db
from chatapp.ratings.models import Rating


def newest(conversation_id: UUID) -> Rating | None:
    """The last one of a conversation. Its lock is held."""
    mine = select(Rating).where(Rating.conversation_id == conversation_id)
    return db.session.scalar(mine.order_by(Rating.id.desc()).limit(1))


def of_conversations(conversation_ids: Collection[UUID]) -> Sequence[Rating]:
    """Every one of these conversations, the oldest first."""
    mine = select(Rating).where(Rating.conversation_id.in_(conversation_ids))
    return db.session.scalars(mine.order_by(Rating.conversation_id, Rating.id)).all()
