"""Who has a conversation: the menu, and what was chosen there."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from chatapp.common.clock import now
from chatapp.common.forms import chosen_id
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import unrestricted
from chatapp.messages import services
from chatapp.messages.undoing import remembered
from chatapp.messages.views.answers import as_it_is_now
from chatapp.messages.views.blueprint import bp
from chatapp.teams import queries as team_queries
from chatapp.undo.offers import offer
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces.door import current_membership
from chatapp.workspaces.models import Membership


@bp.get("/conversations/<uuid:conversation_id>/assignment")
@requires(permissions.ASSIGN)
def choices(conversation_id: UUID) -> Response:
    """Who may take it: the members who may answer, and the teams."""
    members = [member for member in workspace_queries.team() if member.may(permissions.REPLY)]
    return make_response(
        render_template(
            "conversations/_choices.html",
            conversation=conversation_queries.conversation(conversation_id),
            members=members,
            teams=team_queries.teams(),
            moment=now(),
        )
    )


@bp.post("/conversations/<uuid:conversation_id>/assignment")
@requires(permissions.ASSIGN)
def assign(conversation_id: UUID) -> Response:
    """`team_id` and `assignee_id`: each optional, empty for none. With neither of them it goes to oneself."""
    conversation = conversation_queries.locked(conversation_id)
    me = current_membership()
    with (
        unrestricted(reason="what is asked for at once is done at once: it was seen when it was asked"),
        remembered([conversation_id], by=me) as held,
    ):
        words = _assign(conversation, me)
    return offer(as_it_is_now(conversation), words, held.deed)


def _assign(conversation: Conversation, me: Membership) -> str:
    """What was done, in words."""
    words = _("Taken out of its team.")
    if "team_id" in request.form:
        team_id = chosen_id("team_id")
        team = team_queries.team(team_id) if team_id else None
        services.move(conversation, to=team, by=me)
        words = _("Moved to %(name)s.", name=team.name) if team else words
    if "assignee_id" in request.form:
        user_id = chosen_id("assignee_id")
        words = _hand_over(conversation, workspace_queries.member(user_id) if user_id else None, me)
    elif "team_id" not in request.form:
        words = _hand_over(conversation, me, me)
    return words


def _hand_over(conversation: Conversation, to: Membership | None, me: Membership) -> str:
    services.assign(conversation, to=to, by=me)
    return _("Assigned to %(name)s.", name=to.user.name) if to else _("Put back for anybody.")
