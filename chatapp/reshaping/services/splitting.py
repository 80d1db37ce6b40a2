"""One conversation becomes two."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.conversations import queries as conversations
from chatapp.conversations import services as conversation_services
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import desks_of
from chatapp.messages import services as messages
from chatapp.messages.models import Message
from chatapp.privacy.events import ConversationErased
from chatapp.reshaping import queries
from chatapp.reshaping.services import threads
from chatapp.undo import services as undo
from chatapp.undo.models import Deed
from chatapp.workspaces.models import Membership

SPLIT = "reshaping.split"


def split(conversation: Conversation, *, at: Message, by: Membership) -> tuple[Conversation, Deed]:
    """What was said from a message on goes into a new conversation of the same contact, where the old one lies.

    Raises `AppError` 409, 422 for the message with which the conversation begins.
    """
    actor = f"agent:{by.user_id}"
    conversation = threads.locked_with_contact(conversation)
    at = queries.message(at.id, conversation.id)
    moved = queries.said(conversation.id, since=at.seq)
    threads.demand_few(moved)
    if at.kind != "reply" or not any(one.kind == "reply" and one.seq < at.seq for one in queries.said(conversation.id)):
        raise AppError(422, _("With this message the conversation begins. Choose a later one."))
    unread = sum(one.author_type == "visitor" and one.seq > conversation.agents_read_seq for one in moved)
    is_seen = conversation.visitor_read_seq >= moved[-1].seq
    made = _beside(conversation)
    threads.take_in(made, moved)
    made.visitor_read_seq = made.last_seq if is_seen else 0
    made.agents_read_seq = 0 if unread else made.last_seq
    messages.record_activity(conversation, "split_off", by=by, there=str(made.id), count=str(len(moved)))
    messages.record_activity(made, "split_from", by=by, there=str(conversation.id))
    unread = min(unread, conversation.unread_count)
    threads.stand_anew(conversation, unread=conversation.unread_count - unread, actor=actor)
    threads.stand_anew(made, unread=unread, actor=actor)
    deed = undo.remember(
        SPLIT,
        by=by,
        source=str(conversation.id),
        made=str(made.id),
        source_seq=conversation.last_seq,
        made_seq=made.last_seq,
        moved=[str(one.id) for one in moved],
    )
    return made, deed


def take_back_split(deed: Deed, by: Membership) -> None:
    """What went comes back, and the new conversation goes. Raises `AppError` 403, 404, 409."""
    facts, actor = deed.facts, f"agent:{by.user_id}"
    made, source = threads.locked_pair(UUID(facts["made"]), UUID(facts["source"]))
    threads.refuse_if_not_as_left(deed, by, (made, "made_seq"), (source, "source_seq"))
    unread = source.unread_count + made.unread_count
    with threads.clocks_kept(source):
        threads.take_in(source, queries.those([UUID(one) for one in facts["moved"]], made.id))
        messages.record_activity(source, "undone", by=by, of="split")
        threads.stand_anew(source, unread=unread, actor=actor)
    desks = " ".join(sorted(desk.key for desk in desks_of(made)))
    emit(ConversationErased(workspace_id=made.workspace_id, conversation_id=made.id, desks=desks, actor=actor))
    db.session.delete(made)
    db.session.flush()


def _beside(conversation: Conversation) -> Conversation:
    """A new one that lies where the old one does."""
    shown = conversations.conversation(conversation.id)
    made = conversation_services.start(shown.project, shown.end_user, visitor_id=conversation.visitor_id)
    made.team_id, made.assignee_id = conversation.team_id, conversation.assignee_id
    made.channel_kind, made.priority = conversation.channel_kind, conversation.priority
    made.agents_read_seq = made.visitor_read_seq = 0
    db.session.flush()
    return conversations.locked(made.id)
