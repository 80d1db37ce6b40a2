"""A visitor's further message in a conversation that goes on: the commonest write of all, as one statement.

It leaves exactly the rows that the long way (`services.receive`) leaves; a test compares them. Whatever is not that
simple (a repeated `client_id`, a conversation that is not open, somebody else's, the first message after an answer,
with which the visitor begins to wait) changes nothing, and the long way has its say.
Every part names the workspace, and row-level security looks at each as at any other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from chatapp.common import events
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.messages.events import MessageCreated

_WRITE = text(
    """
    WITH sent AS (
        UPDATE conversation
        SET last_seq = last_seq + 1,
            visitor_read_seq = last_seq + 1,
            unread_count = unread_count + 1,
            preview = :preview,
            preview_author = 'visitor',
            last_message_at = :at,
            changed_at = :at
        WHERE workspace_id = :workspace_id AND id = :conversation_id
            AND coalesce(visitor_id, end_user_id) = :visitor_id
            AND status = 'open' AND waiting_since IS NOT NULL AND deleted_at IS NULL
            AND NOT EXISTS (
                SELECT FROM message
                JOIN conversation theirs USING (workspace_id)
                WHERE theirs.workspace_id = :workspace_id
                    AND (theirs.visitor_id = :visitor_id
                        OR (theirs.end_user_id = :visitor_id AND theirs.visitor_id IS NULL))
                    AND message.conversation_id = theirs.id AND message.client_id = :client_id
            )
        RETURNING last_seq
    ), written AS (
        INSERT INTO message (id, created_at, workspace_id, conversation_id, seq, revision, client_id, kind, author_type,
            text, attachments, state)
        SELECT :message_id, :at, :workspace_id, :conversation_id, last_seq, last_seq, :client_id, 'reply', 'visitor',
            :text, '[]', 'sent'
        FROM sent
    ), told AS (
        INSERT INTO outbox_event (id, created_at, workspace_id, name, payload)
        SELECT :event_id, :at, :workspace_id, :name, :payload || jsonb_build_object('seq', last_seq)
        FROM sent
        RETURNING id
    ), due AS (
        INSERT INTO outbox_delivery (id, created_at, workspace_id, event_id, handler, state, attempts, available_at)
        SELECT delivery.id, :at, :workspace_id, told.id, delivery.handler, 'pending', 0, :at
        FROM told, unnest(:delivery_ids, :handlers) AS delivery (id, handler)
    )
    SELECT last_seq FROM sent
    """
).bindparams(
    bindparam("payload", type_=JSONB),
    bindparam("delivery_ids", type_=ARRAY(Uuid)),
    bindparam("handlers", type_=ARRAY(Text)),
)


def append(
    workspace_id: UUID,
    conversation_id: UUID,
    visitor_id: UUID,
    *,
    text: str,
    preview: str,
    client_id: UUID,
    at: datetime,
) -> UUID | None:
    """Write the message and what follows from it; its id, or None when nothing was written.

    Raises `IntegrityError` when the same message arrives twice in one moment: then the transaction is lost.
    """
    event = MessageCreated(
        workspace_id=workspace_id,
        conversation_id=conversation_id,
        message_id=uuid7(),
        end_user_id=visitor_id,
        seq=0,
        kind="reply",
        author_type="visitor",
        actor=f"visitor:{visitor_id}",
        occurred_at=at,
    )
    about = {"client_id": client_id, "text": text, "preview": preview, "at": at, "visitor_id": visitor_id}
    places = {"workspace_id": workspace_id, "conversation_id": conversation_id, "message_id": event.message_id}
    seq = db.session.scalar(_WRITE, about | places | events.as_rows(event))
    if seq is None:
        return None
    events.note_emitted(replace(event, seq=seq))
    return event.message_id
