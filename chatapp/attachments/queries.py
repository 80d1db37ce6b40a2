"""Reads about attachments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from chatapp.attachments.models import Attachment
from chatapp.common.db import db
from chatapp.common.errors import not_found


def attachment(attachment_id: UUID) -> Attachment:
    """One of the current workspace, in a conversation that is seen. Raises `AppError` 404."""
    found = db.session.scalar(select(Attachment).where(Attachment.id == attachment_id))
    if found is None:
        raise not_found()
    return found


def unused_of_conversation(ids: Collection[UUID], conversation_id: UUID) -> Sequence[Attachment]:
    """Those of these that agents sent into this conversation and no message has taken yet, locked."""
    return _unused(ids, Attachment.uploader == "agent", Attachment.conversation_id == conversation_id)


def unused_of_visitor(ids: Collection[UUID], visitor_id: UUID) -> Sequence[Attachment]:
    """Those of these that this visitor sent and no message has taken yet, locked."""
    return _unused(ids, Attachment.visitor_id == visitor_id)


def _unused(ids: Collection[UUID], *conditions: ColumnElement[bool]) -> Sequence[Attachment]:
    free = (Attachment.message_seq.is_(None), Attachment.scheduled_id.is_(None))
    mine = select(Attachment).where(Attachment.id.in_(ids), *free, *conditions)
    return db.session.scalars(mine.order_by(Attachment.id).with_for_update()).all()


def of_conversations(conversation_ids: Collection[UUID]) -> Sequence[Attachment]:
    """Everything that was sent there, in order."""
    sent = select(Attachment).where(
        Attachment.conversation_id.in_(conversation_ids), Attachment.message_seq.is_not(None)
    )
    return db.session.scalars(sent.order_by(Attachment.conversation_id, Attachment.message_seq, Attachment.id)).all()


def unused_since(moment: datetime, *, limit: int) -> Sequence[Attachment]:
    """Those that no message took, from before a moment. Needs `across_tenants`."""
    free = (Attachment.message_seq.is_(None), Attachment.scheduled_id.is_(None))
    left = select(Attachment).where(*free, Attachment.created_at < moment)
    return db.session.scalars(left.order_by(Attachment.created_at).limit(limit)).all()
