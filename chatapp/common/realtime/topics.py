"""Names of what can be listened to.

A topic is made here and nowhere else, always on the server, always beginning with the workspace: a name that a
client sent, or that forgot its tenant, cannot exist. `parse` gives the parts back to the pulse, which has to look
up what is new for each topic that somebody in this process listens to.
"""

from dataclasses import dataclass
from typing import NewType
from uuid import UUID

Topic = NewType("Topic", str)
EVERYBODY = "everybody"
"""The desk of those who see every conversation of the workspace."""


def inbox(workspace_id: UUID, locale: str, desk: str = EVERYBODY) -> Topic:
    """The conversations that lie on a desk, as fragments for agents who read `locale`."""
    return Topic(f"w:{workspace_id}:inbox:{desk}:{locale}")


def conversation_agents(workspace_id: UUID, conversation_id: UUID, locale: str, desk: str = EVERYBODY) -> Topic:
    """One open conversation as long as it lies on a desk, as fragments for agents who read `locale`."""
    return Topic(f"w:{workspace_id}:conversation:{conversation_id}:agents:{desk}:{locale}")


def conversation_visitor(workspace_id: UUID, conversation_id: UUID) -> Topic:
    """One conversation as its visitor may see it: JSON, never a private note."""
    return Topic(f"w:{workspace_id}:conversation:{conversation_id}:visitor")


def visitor(workspace_id: UUID, end_user_id: UUID) -> Topic:
    """Everything addressed to one visitor, whichever conversation is open."""
    return Topic(f"w:{workspace_id}:visitor:{end_user_id}")


def member(workspace_id: UUID, user_id: UUID) -> Topic:
    """What concerns one agent in one workspace: assignments, mentions, notifications."""
    return Topic(f"w:{workspace_id}:member:{user_id}")


def presence(workspace_id: UUID) -> Topic:
    """Who is there: agents going online or away, visitors arriving."""
    return Topic(f"w:{workspace_id}:presence")


@dataclass(frozen=True, slots=True)
class TopicName:
    """The parts of a topic: `kind` is the name of the function above that makes it."""

    kind: str
    workspace_id: UUID
    subject_id: UUID | None = None
    locale: str | None = None
    desk: str | None = None


def parse(topic: Topic) -> TopicName:
    """The parts of a topic made by this module; ValueError for anything else."""
    match topic.split(":"):
        case ["w", workspace, "inbox", desk, locale]:
            return TopicName("inbox", UUID(workspace), locale=locale, desk=desk)
        case ["w", workspace, "conversation", conversation, "agents", desk, locale]:
            return TopicName("conversation_agents", UUID(workspace), UUID(conversation), locale, desk)
        case ["w", workspace, "conversation", conversation, "visitor"]:
            return TopicName("conversation_visitor", UUID(workspace), UUID(conversation))
        case ["w", workspace, ("visitor" | "member") as kind, subject]:
            return TopicName(kind, UUID(workspace), UUID(subject))
        case ["w", workspace, "presence"]:
            return TopicName("presence", UUID(workspace))
        case _:
            raise ValueError(f"Not a topic: {topic!r}")
