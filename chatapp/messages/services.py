"""Everything that writes messages. Each takes the conversation's lock first: numbers, and commits, keep one order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.common.ids import uuid7
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.endusers.models import EndUser
from chatapp.messages import queries
from chatapp.messages.events import MessageCreated
from chatapp.messages.models import Message
from chatapp.projects.models import Project
from chatapp.workspaces.models import Membership

VISITOR_MAX_TEXT = 4_000
AGENT_MAX_TEXT = 10_000


@dataclass(frozen=True)
class Sent:
    """The message, and whether this call wrote it (False: the same `client_id` had written it before)."""

    message: Message
    is_new: bool


def receive(
    project: Project, end_user: EndUser, *, text: str, client_id: UUID, conversation_id: UUID | None = None
) -> Sent:
    """A visitor's message. Without a conversation it goes to their latest open one, or begins one.

    The caller holds the end user's lock (`endusers.services.ensure`), so that two first messages meet in one
    conversation. Raises `AppError` 404 for somebody else's conversation, 409, 422.
    """
    text = checked_text(text, VISITOR_MAX_TEXT)
    repeated = queries.by_client_id_of_visitor(end_user.id, client_id)
    if repeated is not None:
        return _repeat(repeated, text=text, kind="reply", conversation_id=conversation_id)
    conversation = _conversation_for(project, end_user, conversation_id)
    message = _append(conversation, client_id=client_id, author_type="visitor", text=text)
    conversations.note_visitor_message(conversation, text=text, at=message.created_at)
    return Sent(message, is_new=True)


def send_reply(
    conversation: Conversation, *, by: Membership, text: str, client_id: UUID, private: bool = False
) -> Sent:
    """An agent's reply, or with `private` a note that only agents see. Raises `AppError` 409, 422."""
    text = checked_text(text, AGENT_MAX_TEXT)
    kind = "note" if private else "reply"
    conversation = conversation_queries.locked(conversation.id)
    repeated = queries.by_client_id(conversation.id, client_id)
    if repeated is not None:
        return _repeat(repeated, text=text, kind=kind)
    message = _append(conversation, client_id=client_id, author_type="agent", agent_id=by.user_id, kind=kind, text=text)
    if not private:
        conversations.note_reply(conversation, text=text, by=by, at=message.created_at)
    return Sent(message, is_new=True)


def close(conversation: Conversation, *, by: Membership | None) -> None:
    """Close, and say so in the thread. Without a member it was the visitor who ended it."""
    conversation = conversation_queries.locked(conversation.id)
    if conversations.close(conversation, actor=_actor(conversation, by)):
        _record(conversation, "closed", by=by)


def reopen(conversation: Conversation, *, by: Membership) -> None:
    """Open again, and say so in the thread."""
    conversation = conversation_queries.locked(conversation.id)
    if conversations.reopen(conversation, actor=_actor(conversation, by)):
        _record(conversation, "reopened", by=by)


def assign(conversation: Conversation, *, to: Membership | None, by: Membership) -> None:
    """Hand over, and say so in the thread."""
    conversation = conversation_queries.locked(conversation.id)
    if conversations.assign(conversation, to=to, actor=_actor(conversation, by)):
        _record(conversation, "assigned" if to else "unassigned", by=by, to=to.user.name if to else None)


def checked_text(text: str, limit: int) -> str:
    """The text as it is stored. Raises `AppError` 422 when it is empty or too long."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise _refused(_("Write something first."))
    if len(text) > limit:
        raise _refused(_("This is too long: use at most %(limit)s characters.", limit=limit))
    return text


def _refused(sentence: str) -> AppError:
    return AppError(422, sentence, fields={"text": sentence})


def _conversation_for(project: Project, end_user: EndUser, conversation_id: UUID | None) -> Conversation:
    if conversation_id is not None:
        return conversation_queries.conversation_of_visitor(conversation_id, end_user.id, lock=True)
    latest = conversation_queries.conversations_of_visitor(end_user.id, limit=1)
    if latest and not latest[0].is_closed:
        return conversation_queries.locked(latest[0].id)
    return conversations.start(project, end_user)


def _append(
    conversation: Conversation, *, client_id: UUID, author_type: str, kind: str = "reply", **content: Any
) -> Message:
    seq = conversation.next_seq()
    message = Message(
        id=uuid7(),
        created_at=now(),
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        seq=seq,
        revision=seq,
        client_id=client_id,
        author_type=author_type,
        kind=kind,
        **content,
    )
    db.session.add(message)
    emit(
        MessageCreated(
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            message_id=message.id,
            end_user_id=conversation.end_user_id,
            seq=seq,
            kind=message.kind,
            author_type=author_type,
            actor=_author(conversation, message),
        )
    )
    return message


def _record(conversation: Conversation, name: str, *, by: Membership | None, to: str | None = None) -> None:
    """An activity line: what was done and by whom, put into words when it is shown."""
    activity = {"name": name, "by": by.user.name if by else None, "to": to}
    _append(
        conversation,
        client_id=uuid7(),
        author_type="agent" if by else "visitor",
        agent_id=by.user_id if by else None,
        kind="activity",
        activity=activity,
    )
    conversation.changed_at = now()


def _repeat(message: Message, *, text: str, kind: str, conversation_id: UUID | None = None) -> Sent:
    elsewhere = conversation_id is not None and conversation_id != message.conversation_id
    if elsewhere or (message.text, message.kind) != (text, kind):
        raise AppError(409, _("Another message was already sent under this client_id."))
    return Sent(message, is_new=False)


def _actor(conversation: Conversation, by: Membership | None) -> str:
    return f"agent:{by.user_id}" if by else f"visitor:{conversation.end_user_id}"


def _author(conversation: Conversation, message: Message) -> str:
    return f"agent:{message.agent_id}" if message.agent_id else f"{message.author_type}:{conversation.end_user_id}"
