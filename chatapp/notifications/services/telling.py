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
from chatapp.notifications.models import WAYS, is_usually_on, switch_of
from chatapp.workspaces.events import FileFinished

_REMEMBERED = 50
_MAIL_AFTER = 15

_WRITE = text(
    f"""
    INSERT INTO notification AS line (id, created_at, workspace_id, user_id, subject_id, conversation_id, counts,
        latest_kind, event_ids, latest_at, expires_at, is_listed, mail_at, push_at)
    SELECT told.id, :at, :workspace_id, told.user_id, :subject_id, :conversation_id,
        jsonb_build_object(CAST(:kind AS text), 1), :kind, ARRAY[CAST(:event_id AS uuid)], :at, :expires_at,
        chosen.app, CASE WHEN chosen.mail THEN :at + make_interval(mins => chosen.mail_after) END,
        CASE WHEN chosen.push THEN :at END
    FROM unnest(:ids, :user_ids) AS told (id, user_id)
    LEFT JOIN notification_settings own ON own.workspace_id = :workspace_id AND own.user_id = told.user_id
    CROSS JOIN LATERAL (
        SELECT :app_usually <> (:switch || '.app' = ANY(coalesce(own.switched, '{{}}'))) AS app,
            :desktop_usually <> (:switch || '.desktop' = ANY(coalesce(own.switched, '{{}}'))) AS desktop,
            :mail_usually <> (:switch || '.mail' = ANY(coalesce(own.switched, '{{}}'))) AS mail,
            :push_usually <> (:switch || '.push' = ANY(coalesce(own.switched, '{{}}')))
                AND EXISTS (SELECT FROM push_subscription WHERE user_id = told.user_id) AS push,
            coalesce(own.mail_after, {_MAIL_AFTER}) AS mail_after
    ) AS chosen
    WHERE chosen.app OR chosen.desktop OR chosen.mail OR chosen.push
    ON CONFLICT (workspace_id, user_id, subject_id) DO UPDATE
    SET counts = CASE WHEN line.read_at IS NULL
            THEN line.counts || jsonb_build_object(:kind, 1 + coalesce((line.counts ->> :kind)::int, 0))
            ELSE excluded.counts END,
        latest_kind = excluded.latest_kind,
        event_ids = (excluded.event_ids || line.event_ids)[1:{_REMEMBERED}],
        latest_at = greatest(line.latest_at, excluded.latest_at),
        expires_at = excluded.expires_at,
        is_listed = excluded.is_listed OR (line.is_listed AND line.read_at IS NULL),
        mail_at = CASE WHEN line.read_at IS NOT NULL THEN excluded.mail_at
            WHEN line.mailed_at IS NULL THEN coalesce(line.mail_at, excluded.mail_at) END,
        push_at = coalesce(excluded.push_at, CASE WHEN line.read_at IS NULL THEN line.push_at END),
        mailed_at = CASE WHEN line.read_at IS NULL THEN line.mailed_at END,
        read_at = NULL
    WHERE NOT line.event_ids @> excluded.event_ids
        AND (line.read_at IS NULL OR line.read_at < excluded.latest_at)
    RETURNING user_id
    """  # noqa: S608 — numbers of our own
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
    changed = db.session.scalars(_WRITE, facts | places | rows | _usual(kind)).all()
    tell_lists(event.workspace_id, changed)


def _usual(kind: str) -> dict[str, object]:
    switch = switch_of(kind)
    return {"switch": switch} | {f"{way}_usually": is_usually_on(f"{switch}.{way}") for way in WAYS}


def tell_lists(workspace_id: UUID, user_ids: Collection[UUID]) -> None:
    if user_ids:
        emit(NotificationsChanged(workspace_id=workspace_id, user_ids=" ".join(map(str, user_ids))))
