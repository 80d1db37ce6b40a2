"""Take back what one has just done."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response

from chatapp.common.htmx import toast, trigger
from chatapp.common.permissions import requires
from chatapp.undo import queries, services
from chatapp.workspaces import permissions
from chatapp.workspaces.door import current_membership

bp = Blueprint("undo", __name__)


@bp.post("/undo/<uuid:deed_id>")
@requires(permissions.VIEW)
def take_back(deed_id: UUID) -> Response:
    """Whoever did it; what it needs beside is for the one who takes it back to say."""
    me = current_membership()
    words = services.take_back(queries.locked_deed(deed_id, by=me), by=me)
    return toast(trigger(make_response("", 204), "undone", {}), words)
