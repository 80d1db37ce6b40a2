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
    """Its state, assignee, team or read marks changed, or who its contact is.

    `what`: closed, snoozed, pending, reopened, assigned, unassigned, moved, read, unread, rated, due, contact,
    priority, labels, participants, attributes or undone. `left`: the keys of the desks on which it does not lie any
    more (see `visibility`).
    """

    conversation_id: UUID
    what: str
    left: str = ""


@dataclass(frozen=True, kw_only=True)
class ConversationQueued(Event):
    """A conversation waits in a team's queue: it began there, was moved there, opened again or was put back."""

    conversation_id: UUID
    team_id: UUID


@dataclass(frozen=True, kw_only=True)
class AssigneeFreed(Event):
    """A member has one open conversation less: it was closed, or is somebody else's now."""

    conversation_id: UUID
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class TurnChanged(Event):
    """Whose turn it is changed: the visitor began to wait or was answered, or it went out of the way or came back."""

    conversation_id: UUID


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
