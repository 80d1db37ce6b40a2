"""Who follows a conversation: oneself, and whoever is asked to."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, render_template
from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.messages import mentions
from chatapp.messages.undoing import Remembered, remembered
from chatapp.messages.views.answers import as_it_is_now
from chatapp.messages.views.blueprint import bp
from chatapp.undo.offers import offer
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces.door import current_membership, demand
from chatapp.workspaces.models import Membership


@bp.get("/conversations/<uuid:conversation_id>/participants")
@requires(permissions.ASSIGN)
def participant_choices(conversation_id: UUID) -> Response:
    """Every member who sees it, and which of them follow it."""
    return make_response(_choices(conversation_id, "conversations/_participant_choices.html"))


@bp.put("/conversations/<uuid:conversation_id>/participants/<uuid:user_id>")
@requires(permissions.VIEW)
def add_participant(conversation_id: UUID, user_id: UUID) -> Response:
    conversation, member = conversation_queries.conversation(conversation_id), _asked_for(user_id)
    if member.user_id not in {one.id for one in mentions.callees(conversation) if one.kind == "agent"}:
        raise AppError(422, _("%(name)s does not see this conversation.", name=member.user.name))
    me = current_membership()
    with remembered([conversation_id], by=me) as held:
        for one in held.conversations:
            conversations.join(one, [member.user_id], actor=f"agent:{me.user_id}")
    words = _("%(name)s follows this now.", name=member.user.name)
    return _changed(conversation_id, _("You follow this now.") if member.user_id == me.user_id else words, held)


@bp.delete("/conversations/<uuid:conversation_id>/participants/<uuid:user_id>")
@requires(permissions.VIEW)
def remove_participant(conversation_id: UUID, user_id: UUID) -> Response:
    conversation_queries.conversation(conversation_id)
    member, me = _asked_for(user_id), current_membership()
    with remembered([conversation_id], by=me) as held:
        for one in held.conversations:
            conversations.leave(one, member.user_id, actor=f"agent:{me.user_id}")
    words = _("%(name)s follows this no longer.", name=member.user.name)
    return _changed(conversation_id, _("You follow this no longer.") if member.user_id == me.user_id else words, held)


def _asked_for(user_id: UUID) -> Membership:
    """Oneself, or with the right to assign anybody. Raises `AppError` 403, 404."""
    if user_id != current_membership().user_id:
        demand(permissions.ASSIGN)
    return workspace_queries.member(user_id)


def _changed(conversation_id: UUID, words: str, held: Remembered) -> Response:
    """As every change, and the picker as it is now: it stays open for the next one."""
    response = as_it_is_now(conversation_queries.conversation(conversation_id))
    picker = _choices(conversation_id, "conversations/participants_changed.html")
    response.set_data(response.get_data(as_text=True) + picker)
    return offer(response, words, held.deed)


def _choices(conversation_id: UUID, template: str) -> str:
    conversation = conversation_queries.conversation(conversation_id)
    people = [one for one in mentions.callees(conversation) if one.kind == "agent"]
    return render_template(template, conversation=conversation, people=people)
