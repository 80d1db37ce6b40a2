"""What members type and have not sent yet, kept for whatever browser they go on in. Only they ever see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.conversations.models import Conversation
from chatapp.messages.models import Draft
from chatapp.messages.services import AGENT_MAX_TEXT
from chatapp.workspaces.models import Membership

KINDS = ("reply", "note")
_MOST_MARKED = 200
_LONGEST = 5 * AGENT_MAX_TEXT
"""What is too long to be sent is not lost while it is made shorter."""


def keep(
    conversation: Conversation, *, by: Membership, kind: str, text: str, seen: int | None = None
) -> datetime | None:
    """The latest by our clock wins, whichever tab it came from; when it was saved. An empty text is no draft: None.

    Raises `AppError` 422.
    """
    text = text.replace("\x00", "")
    if kind not in KINDS:
        raise AppError(422, _("Choose one of the list."))
    if len(text) > _LONGEST:
        raise AppError(422, _("This is too long: use at most %(limit)s characters.", limit=_LONGEST))
    moment = now()
    if not text.strip():
        forget(conversation, by=by, kind=kind, until=moment)
        return None
    about = {"workspace_id": conversation.workspace_id, "conversation_id": conversation.id, "user_id": by.user_id}
    content = {"text": text, "seen": seen if kind == "reply" else None, "saved_at": moment}
    written = insert(Draft).values(**about, kind=kind, **content)
    key = ["workspace_id", "conversation_id", "user_id", "kind"]
    later = Draft.saved_at < written.excluded.saved_at
    db.session.execute(written.on_conflict_do_update(index_elements=key, set_=content, where=later))
    return moment


def forget(conversation: Conversation, *, by: Membership, kind: str, until: datetime) -> None:
    """It was sent, or taken back. What was saved after `until` is another one."""
    mine = (Draft.conversation_id == conversation.id, Draft.user_id == by.user_id, Draft.kind == kind)
    db.session.execute(delete(Draft).where(*mine, Draft.saved_at <= until))


def drafts_of(conversation_id: UUID, user_id: UUID) -> Mapping[str, Draft]:
    """A member's drafts in a conversation, by kind."""
    mine = select(Draft).where(Draft.conversation_id == conversation_id, Draft.user_id == user_id)
    return {draft.kind: draft for draft in db.session.scalars(mine)}


def conversations_with_drafts_of(user_id: UUID) -> list[UUID]:
    """Where a member has begun to write, the latest first, and no more than lists mark."""
    mine = select(Draft.conversation_id).where(Draft.user_id == user_id).order_by(Draft.saved_at.desc())
    return list(dict.fromkeys(db.session.scalars(mine.limit(_MOST_MARKED))))
