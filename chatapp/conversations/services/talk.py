"""A conversation begins, is written in, read and rated."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.events import emit
from chatapp.common.ids import uuid7
from chatapp.conversations.events import ConversationReadByVisitor, ConversationStarted, FirstResponseGiven
from chatapp.conversations.models import Conversation
from chatapp.conversations.services.telling import tell_changed, tell_queue, tell_turn
from chatapp.endusers.models import EndUser
from chatapp.projects.models import Project
from chatapp.workspaces.models import Membership

PREVIEW_LENGTH = 140


def start(project: Project, end_user: EndUser, *, visitor_id: UUID | None = None) -> Conversation:
    """Begin a conversation on a project's site, for the project's team if it has one. `visitor_id`: whose browser it
    is, if it is not the contact's own."""
    conversation = Conversation(
        id=uuid7(),
        status="open",
        workspace_id=project.workspace_id,
        project_id=project.id,
        team_id=project.team_id,
        end_user_id=end_user.id,
        visitor_id=visitor_id if visitor_id != end_user.id else None,
        last_seq=0,
        unread_count=0,
    )
    db.session.add(conversation)
    emit(
        ConversationStarted(
            workspace_id=project.workspace_id, conversation_id=conversation.id, actor=f"visitor:{end_user.id}"
        )
    )
    tell_queue(conversation)
    return conversation


def note_visitor_message(conversation: Conversation, *, text: str, at: datetime) -> None:
    """A visitor's message arrived: it is unread, somebody waits, and what lay out of the way opens again."""
    _note_preview(conversation, text=text, author="visitor", at=at)
    conversation.unread_count += 1
    conversation.visitor_read_seq = conversation.last_seq
    actor, is_news = f"visitor:{conversation.end_user_id}", conversation.waiting_since is None
    conversation.waiting_since = conversation.waiting_since or at
    if not conversation.is_open:
        is_news = True
        conversation.reopen(at=at)
        tell_changed(conversation, "reopened", actor)
        tell_queue(conversation)
    if is_news:
        tell_turn(conversation, actor)


def note_reply(conversation: Conversation, *, text: str, by: Membership, at: datetime) -> None:
    """An agent answered: nobody waits any more. The first answer is measured."""
    _note_preview(conversation, text=text, author="agent", at=at)
    if conversation.waiting_since is not None:
        conversation.waiting_since = None
        tell_turn(conversation, f"agent:{by.user_id}")
    conversation.unread_count, conversation.agents_read_seq = 0, conversation.last_seq
    if conversation.first_response_at is None:
        conversation.first_response_at = at
        emit(
            FirstResponseGiven(
                workspace_id=conversation.workspace_id,
                conversation_id=conversation.id,
                project_id=conversation.project_id,
                seconds=max(0, round((at - conversation.created_at).total_seconds())),
                actor=f"agent:{by.user_id}",
            )
        )


def note_last_words(conversation: Conversation, *, text: str, at: datetime) -> None:
    """A rule spoke for the site: nobody answered anybody, so nothing is measured."""
    _note_preview(conversation, text=text, author="agent", at=at)


def note_correction(conversation: Conversation, *, text: str, author: str) -> None:
    """Something that was said is said otherwise or no more: `text` and `author` are the last words that are left."""
    conversation.preview, conversation.preview_author = preview_of(text), author
    conversation.changed_at = now()


def mark_read(conversation: Conversation, *, by: Membership, seq: int | None = None) -> None:
    """An agent has the conversation in front of them, up to `seq`: what came after it, they have not seen."""
    if conversation.unread_count == 0 or (seq is not None and seq < conversation.last_seq):
        return
    conversation.unread_count, conversation.agents_read_seq = 0, conversation.last_seq
    conversation.changed_at = now()
    tell_changed(conversation, "read", f"agent:{by.user_id}")


def mark_unread(conversation: Conversation, *, by: Membership) -> None:
    """An agent wants it to ask for attention again, as if somebody had written."""
    if conversation.unread_count:
        return
    conversation.unread_count, conversation.changed_at = 1, now()
    tell_changed(conversation, "unread", f"agent:{by.user_id}")


def mark_read_by_visitor(conversation: Conversation, *, seq: int) -> None:
    """The visitor has seen everything up to `seq`. Marks only move up."""
    seq = min(seq, conversation.last_seq)
    if seq <= conversation.visitor_read_seq:
        return
    conversation.visitor_read_seq = seq
    emit(
        ConversationReadByVisitor(
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            seq=seq,
            actor=f"visitor:{conversation.end_user_id}",
        )
    )


def rate(conversation: Conversation, *, rating: int, comment: str | None) -> None:
    """The visitor's verdict, 1 to 5, which holds until it opens again; *ratings* keeps every one."""
    conversation.rating, conversation.rating_comment = rating, comment
    conversation.changed_at = now()
    tell_changed(conversation, "rated", f"visitor:{conversation.end_user_id}")


def preview_of(text: str) -> str:
    """The first words of a message, in one line."""
    return " ".join(text.split())[:PREVIEW_LENGTH]


def note_sla(conversation: Conversation, *, kind: str | None, state: str | None, due_at: datetime | None) -> None:
    """Keep what is due first, for lists to show; nothing is due without a kind."""
    before = (conversation.sla_kind, conversation.sla_state, conversation.sla_due_at)
    if before == (kind, state, due_at):
        return
    conversation.sla_kind, conversation.sla_state, conversation.sla_due_at = kind, state, due_at
    conversation.changed_at = now()
    tell_changed(conversation, "due", "system")


def _note_preview(conversation: Conversation, *, text: str, author: str, at: datetime) -> None:
    conversation.preview = preview_of(text)
    conversation.preview_author = author
    conversation.last_message_at = conversation.changed_at = at
