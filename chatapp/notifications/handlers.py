"""Who is told of what happened, afterwards."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from chatapp.common.events import Event
from chatapp.conversations import queries as conversations
from chatapp.conversations.models import Conversation
from chatapp.messages.events import AgentMentioned, MessageCreated, TeamMentioned
from chatapp.notifications import queries, services
from chatapp.notifications.events import PushDue
from chatapp.notifications.services import pushing
from chatapp.notifications.services.telling import actor_of
from chatapp.workspaces.events import FileFinished

_SAID_BY_PEOPLE = ("visitor", "agent")
_ASSIGNED = ("assigned", "handed_out_round_robin", "handed_out_least_busy")


def note_message(event: MessageCreated) -> None:
    """A message for whoever has the conversation, follows it or could take it; or a line of the thread."""
    conversation = queries.conversation(event.conversation_id)
    if conversation is None:
        return
    if event.kind == "activity":
        _note_activity(event, conversation)
    elif event.author_type in _SAID_BY_PEOPLE:
        _note_words(event, conversation)


def _note_words(event: MessageCreated, conversation: Conversation) -> None:
    author = actor_of(event)
    if author:
        services.read_conversation(author, conversation.id)
    told = set(conversations.participant_ids(conversation.id))
    if conversation.assignee_id:
        told.add(conversation.assignee_id)
    told -= queries.those_called_by(event.message_id)  # who is called by name is told of that
    if told:
        services.tell(event, "message", told, about=conversation)
    is_for_anybody = conversation.assignee_id is None and event.author_type == "visitor"
    if is_for_anybody and queries.is_fresh(conversation.id, event.seq):
        waiting = set(queries.those_who_wait_for(conversation)) - told
        services.tell(event, "unassigned", waiting, about=conversation)


def _note_activity(event: MessageCreated, conversation: Conversation) -> None:
    name = queries.activity_name(event.message_id)
    if name in _ASSIGNED and conversation.assignee_id:
        services.tell(event, "assigned", [conversation.assignee_id], about=conversation)
    elif name == "moved" and conversation.team_id:
        services.tell(event, "team", queries.those_in_team(conversation.team_id), about=conversation)
    elif name in _OF_WHOSE_IT_IS:
        _tell_whose_it_is(event, _OF_WHOSE_IT_IS[name], conversation)


_OF_WHOSE_IT_IS = {"woken": "woken", "sla_warned": "sla_warned", "sla_breached": "sla_breached"}
"""Lines that concern whoever has the conversation, or as long as nobody has it whoever could take it."""


def _tell_whose_it_is(event: MessageCreated, kind: str, conversation: Conversation) -> None:
    assignee_id = conversation.assignee_id
    told = [assignee_id] if assignee_id else queries.those_who_wait_for(conversation)
    services.tell(event, kind, told, about=conversation)


def note_file(event: FileFinished) -> None:
    """What somebody asked for is there."""
    services.tell_of_file(event)


def note_mention(event: AgentMentioned) -> None:
    """A colleague calls them by name."""
    _note_mention(event, event.conversation_id, [event.user_id])


def note_mention_of_team(event: TeamMentioned) -> None:
    """A colleague calls their team by name."""
    _note_mention(event, event.conversation_id, queries.those_in_team(event.team_id))


def _note_mention(event: Event, conversation_id: UUID, user_ids: Collection[UUID]) -> None:
    conversation = queries.conversation(conversation_id)
    if conversation is not None:
        services.tell(event, "mention", user_ids, about=conversation)


def push(event: PushDue) -> None:
    """To one browser. What fails is tried again."""
    pushing.send(event.subscription_id, event.notification_id)
