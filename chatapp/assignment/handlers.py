"""When queues are looked at again: something came into one, or somebody's hands are free.

Each looks at what is true now and not at what the event says, so hearing of it twice does no harm.
"""

from __future__ import annotations

from uuid import UUID

from chatapp.assignment import queries, services
from chatapp.conversations.events import AssigneeFreed, ConversationQueued
from chatapp.teams.events import TeamChanged
from chatapp.workspaces.events import PresenceChanged


def hand_out(event: ConversationQueued | TeamChanged) -> None:
    """A conversation came into the team's queue, or the team's people or rules changed."""
    services.hand_out(event.team_id)


def fill_hands(event: AssigneeFreed) -> None:
    """A member has a conversation less."""
    _look_at_queues_of(event.user_id)


def greet(event: PresenceChanged) -> None:
    """A member came online."""
    if event.presence == "online":
        _look_at_queues_of(event.user_id)


def _look_at_queues_of(user_id: UUID) -> None:
    for team_id in queries.teams_with_work(user_id):
        services.hand_out(team_id)
