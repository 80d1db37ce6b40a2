"""What the verbs emit, each in one place."""

from __future__ import annotations

from uuid import UUID

from chatapp.common.events import emit
from chatapp.conversations.events import AssigneeFreed, ConversationChanged, ConversationQueued, TurnChanged
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import Desk, desks_of


def tell_turn(conversation: Conversation, actor: str) -> None:
    """Whose turn it is changed, or whether anybody has one."""
    emit(TurnChanged(workspace_id=conversation.workspace_id, conversation_id=conversation.id, actor=actor))


def tell_changed(conversation: Conversation, what: str, actor: str, before: frozenset[Desk] = frozenset()) -> None:
    """`before`: where it lay, when that may have changed."""
    emit(
        ConversationChanged(
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            what=what,
            left=" ".join(sorted(desk.key for desk in before - desks_of(conversation))),
            actor=actor,
        )
    )


def tell_reshaped(conversation: Conversation, actor: str) -> None:
    """Messages came or went, or its contact changed: with that, whose turn it is."""
    tell_changed(conversation, "reshaped", actor)
    tell_turn(conversation, actor)


def tell_queue(conversation: Conversation) -> None:
    """Say that it waits for somebody of its team, if it does."""
    if conversation.team_id and conversation.assignee_id is None and conversation.is_open:
        emit(
            ConversationQueued(
                workspace_id=conversation.workspace_id,
                conversation_id=conversation.id,
                team_id=conversation.team_id,
            )
        )


def tell_freed(conversation: Conversation, user_id: UUID | None) -> None:
    """A member has one open conversation less."""
    if user_id:
        emit(AssigneeFreed(workspace_id=conversation.workspace_id, conversation_id=conversation.id, user_id=user_id))
