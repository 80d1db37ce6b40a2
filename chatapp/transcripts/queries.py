"""What stands in a transcript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chatapp.common.db import db
from chatapp.messages.models import Message

MOST = 5_000
"""Of a longer conversation the newest."""


@dataclass(frozen=True)
class Said:
    """What was said, oldest first, and whether older words are left out."""

    messages: Sequence[Message]
    is_cut: bool


def said(conversation_id: UUID, *, with_notes: bool) -> Said:
    """What people said to each other, with what agents noted if that is asked for. What was deleted is gone."""
    kinds = ("reply", "note") if with_notes else ("reply",)
    newest = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.kind.in_(kinds), Message.deleted_at.is_(None))
        .options(joinedload(Message.agent))
        .order_by(Message.seq.desc())
        .limit(MOST + 1)
    )
    rows = db.session.scalars(newest).all()
    return Said(list(reversed(rows[:MOST])), len(rows) > MOST)
