"""Everything that changes a conversation. Callers hold its lock (`queries.locked`) when they take numbers from it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.conversations import permissions
from chatapp.conversations.events import (
    ConversationChanged,
    ConversationReadByVisitor,
    ConversationStarted,
    FirstResponseGiven,
)
from chatapp.conversations.models import Conversation
from chatapp.endusers.models import EndUser
from chatapp.projects.models import Project
from chatapp.workspaces.models import Membership

PREVIEW_LENGTH = 140


def start(project: Project, end_user: EndUser) -> Conversation:
    """Begin a conversation on a project's site."""
    conversation = Conversation(
        workspace_id=project.workspace_id, project_id=project.id, end_user_id=end_user.id, last_seq=0, unread_count=0
    )
    db.session.add(conversation)
    db.session.flush()
    emit(
        ConversationStarted(
            workspace_id=project.workspace_id, conversation_id=conversation.id, actor=f"visitor:{end_user.id}"
        )
    )
    return conversation


def note_visitor_message(conversation: Conversation, *, text: str, at: datetime) -> None:
    """A visitor's message arrived: it is unread, somebody waits, and a closed conversation opens again."""
    _note_preview(conversation, text=text, author="visitor", at=at)
    conversation.unread_count += 1
    conversation.visitor_read_seq = conversation.last_seq
    conversation.waiting_since = conversation.waiting_since or at
    if conversation.is_closed:
        conversation.reopen(at=at)


def note_reply(conversation: Conversation, *, text: str, by: Membership, at: datetime) -> None:
    """An agent answered: nobody waits any more. The first answer is measured."""
    _note_preview(conversation, text=text, author="agent", at=at)
    conversation.waiting_since = None
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


def close(conversation: Conversation, *, actor: str) -> bool:
    """Close; False if it was closed already."""
    if conversation.is_closed:
        return False
    conversation.close(at=now())
    _changed(conversation, "closed", actor)
    return True


def reopen(conversation: Conversation, *, actor: str) -> bool:
    """Open again; False if it was open already."""
    if not conversation.is_closed:
        return False
    conversation.reopen(at=now())
    _changed(conversation, "reopened", actor)
    return True


def assign(conversation: Conversation, *, to: Membership | None, actor: str) -> bool:
    """Hand the conversation to a member, or to nobody; False if nothing changes.

    Raises `AppError` 422 for a member who cannot answer.
    """
    if to is not None and not to.may(permissions.REPLY):
        raise AppError(422, _("This member's role does not let them answer."))
    assignee_id = to.user_id if to else None
    if conversation.assignee_id == assignee_id:
        return False
    conversation.assignee_id = assignee_id
    conversation.changed_at = now()
    _changed(conversation, "assigned" if to else "unassigned", actor)
    return True


def mark_read(conversation: Conversation, *, by: Membership) -> None:
    """An agent has the conversation in front of them."""
    if conversation.unread_count == 0:
        return
    conversation.unread_count, conversation.agents_read_seq = 0, conversation.last_seq
    conversation.changed_at = now()
    _changed(conversation, "read", f"agent:{by.user_id}")


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
    """The visitor's verdict, 1 to 5; a later one replaces it."""
    conversation.rating, conversation.rating_comment = rating, comment
    conversation.changed_at = now()
    _changed(conversation, "rated", f"visitor:{conversation.end_user_id}")


def _note_preview(conversation: Conversation, *, text: str, author: str, at: datetime) -> None:
    conversation.preview = " ".join(text.split())[:PREVIEW_LENGTH]
    conversation.preview_author = author
    conversation.last_message_at = conversation.changed_at = at


def _changed(conversation: Conversation, what: str, actor: str) -> None:
    emit(
        ConversationChanged(
            workspace_id=conversation.workspace_id, conversation_id=conversation.id, what=what, actor=actor
        )
    )
