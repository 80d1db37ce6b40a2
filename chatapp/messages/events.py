"""What happens to messages."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageCreated(Event):
    """A message took its place in a conversation. `kind` and `author_type` spare most listeners a read."""

    conversation_id: UUID
    message_id: UUID
    end_user_id: UUID
    seq: int
    kind: str
    author_type: str


@dataclass(frozen=True, kw_only=True)
class MessageChanged(Event):
    """A message has another `revision`. `what` happened: it was edited, or deleted, or what it
    quotes was ("quote"), a line of activity tells something else ("rewritten"), or what it links to is known ("card").
    """

    conversation_id: UUID
    message_id: UUID
    end_user_id: UUID
    seq: int
    revision: int
    kind: str
    what: str


@dataclass(frozen=True, kw_only=True)
class LinkPosted(Event):
    """A reply has a link that it had not before."""

    conversation_id: UUID
    message_id: UUID
    end_user_id: UUID


@dataclass(frozen=True, kw_only=True)
class AgentMentioned(Event):
    """A note calls a member by name who was not called in it before. They see its conversation; it is not by them."""

    conversation_id: UUID
    message_id: UUID
    seq: int
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class TeamMentioned(Event):
    """The same for a team. Not each of its members may see the conversation, and one of them may have written it."""

    conversation_id: UUID
    message_id: UUID
    seq: int
    team_id: UUID
