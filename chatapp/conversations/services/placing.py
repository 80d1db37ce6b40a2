"""Whose a conversation is: a member's, a team's, or nobody's."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import update

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.conversations import permissions
from chatapp.conversations.models import Conversation
from chatapp.conversations.services.following import add_participants
from chatapp.conversations.services.telling import tell_changed, tell_freed, tell_queue
from chatapp.conversations.visibility import desks_of
from chatapp.teams.models import Team
from chatapp.workspaces.models import Membership


def assign(conversation: Conversation, *, to: Membership | None, actor: str) -> bool:
    """Hand the conversation to a member, or to nobody; False if nothing changes.

    Raises `AppError` 422 for a member who cannot answer.
    """
    if to is not None and not to.may(permissions.REPLY):
        raise AppError(422, _("This member's role does not let them answer."))
    assignee_id = to.user_id if to else None
    if conversation.assignee_id == assignee_id:
        return False
    before, assignee_before = desks_of(conversation), conversation.assignee_id
    if assignee_id:
        add_participants(conversation, [assignee_id])
    conversation.assignee_id = assignee_id
    conversation.changed_at = now()
    tell_changed(conversation, "assigned" if to else "unassigned", actor, before)
    tell_freed(conversation, assignee_before)
    tell_queue(conversation)
    return True


def move(conversation: Conversation, *, to: Team | None, keeps_assignee: bool, actor: str) -> bool:
    """Hand the conversation to a team, or to none; False if nothing changes.

    Whoever has it goes on having it only with `keeps_assignee`: else the new team is to take it.
    """
    team_id = to.id if to else None
    if conversation.team_id == team_id:
        return False
    before = desks_of(conversation)
    conversation.team_id = team_id
    if not keeps_assignee:
        tell_freed(conversation, conversation.assignee_id)
        conversation.assignee_id = None
    conversation.changed_at = now()
    tell_changed(conversation, "moved", actor, before)
    tell_queue(conversation)
    return True


def leave_team(team: Team) -> None:
    """All of a team's conversations belong to none from now on: the team goes. Who has them keeps them."""
    db.session.execute(
        update(Conversation).where(Conversation.team_id == team.id).values(team_id=None, changed_at=now())
    )
