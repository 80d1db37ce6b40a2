"""The workspaces that the caller belongs to, or the one that its token is restricted to."""

from __future__ import annotations

from flask import Response, jsonify
from flask_login import current_user

from chatapp.api.payloads import read_query
from chatapp.api.views.blueprint import bp
from chatapp.api.wire import workspace_json
from chatapp.auth.identity import signed_in_user
from chatapp.common.permissions import requires_login
from chatapp.workspaces import queries


@bp.get("/workspaces")
@requires_login
def workspaces() -> Response:
    """All of them at once: nobody belongs to so many that pages would help."""
    read_query(())
    memberships = queries.memberships_of(signed_in_user().id)
    open_ones = [membership for membership in memberships if current_user.may_enter(membership.workspace_id)]
    return jsonify(data=[workspace_json(membership) for membership in open_ones], next_cursor=None)
