"""Leave or be removed, and hand the open conversations over."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.conversations import queries as conversation_queries
from chatapp.messages import services as messages
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Membership


def remove(user_id: UUID, *, heir_id: UUID | None, by: Membership) -> None:
    """Remove a member, or leave; the heir takes their open conversations, else nobody has them.

    Raises `AppError` 403, 404; 409 for the last owner; 422 for an heir who cannot answer or is going.
    """
    member = workspaces.begin_removal(user_id, by=by)
    if heir_id == user_id:
        raise AppError(422, _("Choose somebody who stays."))
    heir = workspace_queries.member(heir_id) if heir_id else None
    for conversation in conversation_queries.open_conversations_of(user_id):
        messages.assign(conversation, to=heir, by=by)
    workspaces.remove_member(member, by=by)
