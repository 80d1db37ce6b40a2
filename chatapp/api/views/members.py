"""The people of a workspace."""

from __future__ import annotations

from flask import Response, jsonify

from chatapp.api.payloads import read_query
from chatapp.api.views.blueprint import WORKSPACE, bp
from chatapp.api.wire import member_json
from chatapp.common.clock import now
from chatapp.common.permissions import requires
from chatapp.workspaces import permissions, queries


@bp.get(f"{WORKSPACE}/members")
@requires(permissions.TEAM_VIEW)
def members() -> Response:
    """All of them at once, by name, and who is there now."""
    read_query(())
    moment = now()
    return jsonify(data=[member_json(member, at=moment) for member in queries.team()], next_cursor=None)
