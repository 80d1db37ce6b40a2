"""Look through new messages, away from the requests that write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from chatapp.common.db import db
from chatapp.search.models import MessageWords

BATCH = 2_000
_LATE = 120_000
"""How much older than the newest words a message may be when its transaction ends, in milliseconds."""

_WRITE = """
    INSERT INTO message_words (message_id, workspace_id, conversation_id, seq, written_at, author, agent_id, words)
    SELECT new.id, new.workspace_id, new.conversation_id, new.seq, new.created_at,
        CASE new.kind WHEN 'note' THEN 'note' ELSE new.author_type END, new.agent_id,
        search_words(new.text, coalesce(CASE WHEN new.kind <> 'note' THEN end_user.locale END, workspace.locale))
    FROM (
        SELECT * FROM message
        WHERE {which} AND kind <> 'activity' AND deleted_at IS NULL
            AND NOT EXISTS (SELECT FROM message_words kept WHERE kept.message_id = message.id)
        {most} FOR SHARE
    ) new
    JOIN conversation ON (conversation.workspace_id, conversation.id) = (new.workspace_id, new.conversation_id)
    JOIN end_user ON (end_user.workspace_id, end_user.id) = (conversation.workspace_id, conversation.end_user_id)
    JOIN workspace ON workspace.id = new.workspace_id
    ON CONFLICT DO NOTHING
"""
_WRITE_NEW = text(_WRITE.format(which="id > :after", most="ORDER BY id LIMIT :most"))
_WRITE_OF = text(_WRITE.format(which="conversation_id = ANY(:conversation_ids)", most=""))


def look_through(*, most: int = BATCH) -> int:
    """Take up to so many messages whose words nobody has looked at, oldest first; how many. Needs `across_tenants`.

    Keys sort by time, so what is new stands behind the newest words, or a little before: a slow transaction's. The same
    way the history of an installation that had no search yet is taken, batch by batch.
    """
    return _write_new(_first_key((_newest().int >> 80) - _LATE), most)


def look_back(*, since: datetime, most: int = BATCH) -> int:
    """The same for everything written since a moment: the message of a transaction that took longer than it should is
    found after all. Needs `across_tenants`."""
    return _write_new(_first_key(int(since.timestamp() * 1000)), most)


def look_through_conversations(conversation_ids: Sequence[UUID]) -> None:
    """Take every message of some conversations of the workspace."""
    db.session.execute(_WRITE_OF, {"conversation_ids": list(conversation_ids)})


def _write_new(after: UUID, most: int) -> int:
    done = db.session.execute(_WRITE_NEW, {"after": after, "most": most})
    return int(done.rowcount)  # type: ignore[attr-defined]


def _newest() -> UUID:
    statement = select(MessageWords.message_id).order_by(MessageWords.message_id.desc()).limit(1)
    return db.session.scalar(statement) or UUID(int=0)


def _first_key(milliseconds: int) -> UUID:
    """The smallest UUIDv7 of a moment, in milliseconds since 1970."""
    return UUID(int=max(milliseconds, 0) << 80)
