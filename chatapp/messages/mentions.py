"""Who is called by name in a note: a member, or a team. Only those are who may see its conversation.

A call is an @ and a name as it is now, whoever types it and wherever: the picker only spares the typing. Who bears the
same name is called, too. What is stored are references, and the names as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chatapp.common.db import db
from chatapp.common.events import emit
from chatapp.conversations import permissions
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import sights_of
from chatapp.messages.bodies import calls
from chatapp.messages.events import AgentMentioned, TeamMentioned
from chatapp.messages.models import Message
from chatapp.teams import queries as team_queries
from chatapp.workspaces import queries as workspace_queries


@dataclass(frozen=True)
class Callee:
    """Who can be called. `kind`: agent or team."""

    kind: str
    id: UUID
    name: str
    picture: str | None = None

    @property
    def facts(self) -> dict[str, str]:
        """What a message keeps of it."""
        return {"kind": self.kind, "id": str(self.id), "name": self.name}


def callees(conversation: Conversation) -> list[Callee]:
    """Members who see the conversation, and teams that somebody of them is in; each by name, members first."""
    members = [member for member in workspace_queries.team() if member.may(permissions.VIEW)]
    sights = sights_of(members)
    seeing = [one for one in members if sights[one.workspace_id, one.user_id].covers(conversation)]
    ids = {member.user_id for member in seeing}
    teams = team_queries.rows_by_team()
    return [Callee("agent", one.user_id, one.user.name, one.user.avatar_path) for one in seeing] + [
        Callee("team", team.id, team.name)
        for team in team_queries.teams()
        if any(row.user_id in ids for row in teams.get(team.id, ()))
    ]


def note(conversation: Conversation, message: Message, *, actor: str) -> None:
    """Keep who is called in a note just written or edited, and tell who was not before. The author is not told."""
    called, before = _called_in(message.text, conversation), {one["id"] for one in message.mentions or ()}
    if not called and not before:
        return
    message.mentions = [one.facts for one in called]
    db.session.flush()  # the message must be there before it can be named
    conversations.note_mentions(conversation, seq=message.seq, agents=_ids(called, "agent"), teams=_ids(called, "team"))
    for one in called:
        if str(one.id) not in before and actor != f"agent:{one.id}":
            _tell(one, message, actor)


def forget(conversation: Conversation, message: Message) -> None:
    """The note is deleted: nobody is called any more."""
    message.mentions = []
    conversations.note_mentions(conversation, seq=message.seq, agents=[], teams=[])


def _called_in(text: str, conversation: Conversation) -> list[Callee]:
    known = callees(conversation) if "@" in text else []
    named = {match.group(1).casefold() for match in calls(text, [one.name for one in known])}
    return [one for one in known if one.name.casefold() in named]


def _ids(called: Sequence[Callee], kind: str) -> list[UUID]:
    return [one.id for one in called if one.kind == kind]


def _tell(one: Callee, message: Message, actor: str) -> None:
    about: dict[str, Any] = {
        "workspace_id": message.workspace_id,
        "conversation_id": message.conversation_id,
        "message_id": message.id,
        "seq": message.seq,
        "actor": actor,
    }
    emit(AgentMentioned(user_id=one.id, **about) if one.kind == "agent" else TeamMentioned(team_id=one.id, **about))
