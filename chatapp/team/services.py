"""What reaches from the team into other domains: a member, a role or a team goes, and what they had stays."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.conversations.visibility import unrestricted
from chatapp.invitations import queries as invitation_queries
from chatapp.messages import services as messages
from chatapp.teams import services as teams
from chatapp.teams.models import Team
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces import roles
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import AnyRole, Membership, Role


def remove(user_id: UUID, *, heir_id: UUID | None, by: Membership) -> None:
    """Remove a member, or leave; the heir takes their open conversations, else nobody has them.

    Raises `AppError` 403, 404; 409 for the last owner; 422 for an heir who cannot answer or is going.
    """
    member = workspaces.begin_removal(user_id, by=by)
    if heir_id == user_id:
        raise AppError(422, _("Choose somebody who stays."))
    heir = workspace_queries.member(heir_id) if heir_id else None
    with unrestricted(reason="whoever goes hands over all they have, whatever the one who removes them sees"):
        for conversation in conversation_queries.open_conversations_of(user_id):
            messages.assign(conversation, to=heir, by=by)
    workspaces.remove_member(member, by=by)


def delete_team(team: Team, *, by: Membership) -> None:
    """Delete a team; its conversations keep their assignee and belong to no team any more."""
    with unrestricted(reason="a team that goes leaves all it has, whatever the one who deletes it sees"):
        conversations.leave_team(team)
    teams.delete(team, by=by)


def delete_role(role: Role, *, replacement: AnyRole | None, by: Membership) -> None:
    """Delete a role; whoever has it, or is invited to it, gets the replacement. Raises `AppError` 403 and 422."""
    for invitation in invitation_queries.pending_with(role):
        invitation.offer(roles.checked_replacement(role, replacement, by))
    roles.delete(role, replacement=replacement, by=by)


def is_in_use(role: Role) -> bool:
    """Whether somebody has this role or is invited to it: then it needs a replacement to be deleted."""
    return bool(workspace_queries.members_with(role) or invitation_queries.pending_with(role))
