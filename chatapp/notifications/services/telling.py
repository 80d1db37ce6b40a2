"""Tell members: one statement for all of them, however many there are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text

from chatapp.common.db import db
from chatapp.common.events import Event, emit
from chatapp.common.ids import uuid7
from chatapp.conversations.models import Conversation
from chatapp.notifications import queries
from chatapp.notifications.events import NotificationsChanged
from chatapp.workspaces.events import FileFinished

_REMEMBERED = 50

_WRITE = text(
    f"""
    INSERT INTO notification AS line (id, created_at, workspace_id, user_id, subject_id, conversation_id, counts,
        event_ids, latest_at, expires_at)
    SELECT told.id, :at, :workspace_id, told.user_id, :subject_id, :conversation_id,
        jsonb_build_object(CAST(:kind AS text), 1), ARRAY[CAST(:event_id AS uuid)], :at, :expires_at
    FROM unnest(:ids, :user_ids) AS told (id, user_id)
    ON CONFLICT (workspace_id, user_id, subject_id) DO UPDATE
    SET counts = CASE WHEN line.read_at IS NULL
            THEN line.counts || jsonb_build_object(:kind, 1 + coalesce((line.counts ->> :kind)::int, 0))
            ELSE excluded.counts END,
        event_ids = (excluded.event_ids || line.event_ids)[1:{_REMEMBERED}],
        latest_at = greatest(line.latest_at, excluded.latest_at),
        expires_at = excluded.expires_at,
        read_at = NULL
    WHERE NOT line.event_ids @> excluded.event_ids
        AND (line.read_at IS NULL OR line.read_at < excluded.latest_at)
    RETURNING user_id
    """  # noqa: S608 — a number of our own
).bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("user_ids", type_=ARRAY(Uuid)))


def tell(event: Event, kind: str, user_ids: Collection[UUID], *, about: Conversation) -> None:
    """Note on the lists of those members who see the conversation, but for whoever did it. Again changes nothing."""
    others = [user_id for user_id in user_ids if user_id != actor_of(event)]
    seeing = queries.those_who_see(about, others) if others else []
    _write(event, kind, seeing, subject_id=about.id, conversation_id=about.id)


def tell_of_file(event: FileFinished) -> None:
    """Note on the list of whoever asked for it that it is there. Again changes nothing."""
    _write(event, event.kind, [event.user_id], subject_id=event.subject_id, expires_at=event.expires_at)


def actor_of(event: Event) -> UUID | None:
    """The member who did it, if a member did."""
    kind, _colon, key = event.actor.partition(":")
    return UUID(key) if kind == "agent" else None


def _write(
    event: Event,
    kind: str,
    user_ids: Collection[UUID],
    *,
    subject_id: UUID,
    conversation_id: UUID | None = None,
    expires_at: datetime | None = None,
) -> None:
    """In one order, so that two events that tell the same members do not wait for each other."""
    told = sorted(user_ids)
    if not told:
        return
    facts = {"kind": kind, "event_id": event.id, "at": event.occurred_at, "expires_at": expires_at}
    places = {"workspace_id": event.workspace_id, "subject_id": subject_id, "conversation_id": conversation_id}
    rows = {"ids": [uuid7() for _user_id in told], "user_ids": told}
    changed = db.session.scalars(_WRITE, facts | places | rows).all()
    tell_lists(event.workspace_id, changed)


def tell_lists(workspace_id: UUID, user_ids: Collection[UUID]) -> None:
    if user_ids:
        emit(NotificationsChanged(workspace_id=workspace_id, user_ids=" ".join(map(str, user_ids))))
