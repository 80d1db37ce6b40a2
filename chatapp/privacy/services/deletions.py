"""Delete one conversation: gone for everybody at once, to be brought back for a moment, then deleted for good."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete as delete_rows
from sqlalchemy import select

from chatapp.common import audit
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import with_deleted
from chatapp.privacy import queries
from chatapp.privacy.services import erasures
from chatapp.undo import services as undo
from chatapp.undo.models import Deed
from chatapp.workspaces.models import Membership

GRACE = timedelta(minutes=2)
"""How long it can be brought back: as long as the offer may stand, and a little."""

DELETED = "conversations.deleted"


def delete(conversation_id: UUID, *, by: Membership) -> Deed:
    """Take it away from everybody, its visitor included. Raises `AppError` 404."""
    conversation = conversation_queries.locked(conversation_id)
    desks = queries.desks_of_each([conversation.id])
    conversation.deleted_at = conversation.changed_at = now()
    audit.record("conversation.deleted", by=by.user, target_id=conversation.id)
    deed = undo.remember(DELETED, by=by, conversation_id=str(conversation.id))
    deed.expires_at = conversation.deleted_at + GRACE
    erasures.tell(desks)
    db.session.flush()
    return deed


def take_back(deed: Deed, by: Membership) -> str | None:
    """It is there again, as it was. Raises `AppError` 403 if their role does not allow it any more, 409."""
    if not by.may(permissions.DELETE):
        raise AppError(403, _("Your role in this workspace does not allow this. Ask an owner or an admin."))
    with with_deleted(reason="to bring it back"):
        try:
            conversation = conversation_queries.locked(UUID(deed.facts["conversation_id"]))
        except AppError:
            raise AppError(409, _("It is too late to undo this.")) from None
    conversation.deleted_at, conversation.changed_at = None, now()
    audit.record("conversation.restored", by=by.user, target_id=conversation.id)
    conversations.tell_changed(conversation, "undone", f"agent:{by.user_id}")
    return None


def due_to_purge(limit: int) -> list[tuple[UUID, UUID]]:
    """Workspaces and conversations whose time is over. Needs `across_tenants`."""
    with with_deleted(reason="to delete them for good"):
        return conversation_queries.deleted_before(now() - GRACE, limit)


def purge(conversation_id: UUID) -> None:
    """For good, with everything in it; its files go after their rows. Again changes nothing."""
    erasures.forget_events([conversation_id])
    with with_deleted(reason="to delete it for good"):
        is_over = (Conversation.id == conversation_id, Conversation.deleted_at <= now() - GRACE)
        over = select(Conversation.id).where(*is_over)
        gone = Conversation.id.in_(over) | Conversation.merged_into_id.in_(over)  # those lead nowhere now
        db.session.execute(delete_rows(Conversation).where(gone))
    erasures.forget_events([conversation_id])
