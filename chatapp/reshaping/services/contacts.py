"""A conversation turns out to be somebody else's."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7
from chatapp.conversations import queries as conversations
from chatapp.conversations.models import Conversation
from chatapp.endusers import queries as endusers
from chatapp.endusers.models import EndUser
from chatapp.messages import services as messages
from chatapp.reshaping.services import threads
from chatapp.undo import services as undo
from chatapp.undo.models import Deed
from chatapp.workspaces.models import Membership

MOVED = "reshaping.moved"


def move(conversation: Conversation, *, to: EndUser, by: Membership) -> Deed:
    """All of it is theirs from now on, and nobody's else. Raises `AppError` 404, 409, 422."""
    if conversation.end_user_id == to.id:
        raise AppError(422, _("It is theirs already. Choose another contact."))
    before, to = endusers.locked_pair(conversation.end_user_id, to.id)
    conversation = conversations.locked(conversation.id)
    if conversation.end_user_id != before.id or to.merged_into_id:
        raise AppError(409, _("Somebody has changed this contact meanwhile. Look again."))
    if to.is_blocked:
        raise AppError(422, _("This contact is blocked. Unblock them first, or choose another one."))
    if conversation.merged_into_id:
        raise AppError(409, _("One of them has been merged already."))
    reader_id = conversation.reader_id
    _give(conversation, before, to, by, reader_id=to.id)
    facts = {"conversation": str(conversation.id), "before": str(reader_id), "seq": conversation.last_seq}
    return undo.remember(MOVED, by=by, **facts)


def take_back_move(deed: Deed, by: Membership) -> None:
    """It is theirs again, or of the contact they were merged into meanwhile. Raises `AppError` 403, 404, 409."""
    reader_id = UUID(deed.facts["before"])
    conversation, found = conversations.conversation(UUID(deed.facts["conversation"])), endusers.holder(reader_id)
    if found is None:
        raise AppError(409, _("This contact is not there any more, so this was not undone."))
    before, holder = endusers.locked_pair(found.id, conversation.end_user_id)
    conversation = conversations.locked(conversation.id)
    threads.refuse_if_not_as_left(deed, by, (conversation, "seq"))
    if before.merged_into_id or conversation.end_user_id != holder.id:
        raise AppError(409, _("Somebody has changed this contact meanwhile. Look again."))
    _give(conversation, holder, before, by, reader_id=reader_id)


def _give(conversation: Conversation, before: EndUser, to: EndUser, by: Membership, *, reader_id: UUID) -> None:
    reader_before = conversation.reader_id
    conversation.end_user_id, conversation.visitor_id = to.id, reader_id if reader_id != to.id else None
    conversation.epoch, conversation.changed_at = uuid7(), now()
    messages.record_activity(conversation, "moved_contact", by=by, to=_name(to), of=_name(before))
    actor = f"agent:{by.user_id}"
    threads.tell(conversation, actor)
    threads.tell(conversation, actor, visitor_id=reader_before)


def _name(contact: EndUser) -> str:
    return contact.name or contact.email or _("Visitor %(code)s", code=contact.code)
