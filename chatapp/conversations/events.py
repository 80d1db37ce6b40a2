"""What happens to conversations."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class ConversationStarted(Event):
    """A contact began a conversation."""

    conversation_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConversationChanged(Event):
    """Its state, assignee or read marks changed. `what`: closed, reopened, assigned, unassigned, read, rated."""

    conversation_id: UUID
    what: str


@dataclass(frozen=True, kw_only=True)
class FirstResponseGiven(Event):
    """An agent answered a conversation for the first time."""

    conversation_id: UUID
    project_id: UUID
    seconds: int


@dataclass(frozen=True, kw_only=True)
class ConversationReadByVisitor(Event):
    """The visitor has seen everything up to `seq`."""

    conversation_id: UUID
    seq: int
