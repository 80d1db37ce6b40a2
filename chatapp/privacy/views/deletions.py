"""Delete one conversation."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from chatapp.common.htmx import move, toast_there
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.privacy.services import deletions
from chatapp.privacy.views.blueprint import bp
from chatapp.undo.offers import address_of
from chatapp.workspaces.door import current_membership


@bp.post("/conversations/<uuid:unwanted_id>/deletion")
@requires(permissions.DELETE)
def delete_conversation(unwanted_id: UUID) -> Response:
    """Gone for everybody; whoever did it can bring it back for a moment."""
    deed = deletions.delete(unwanted_id, by=current_membership())
    toast_there(_("The conversation is deleted."), undo=address_of(deed))
    return move(url_for("inbox.show"))
