"""The teams of a workspace."""

from __future__ import annotations

from flask import Response, jsonify

from chatapp.api.payloads import read_query
from chatapp.api.views.blueprint import WORKSPACE, bp
from chatapp.api.wire import team_json
from chatapp.common.permissions import requires
from chatapp.teams import permissions, queries


@bp.get(f"{WORKSPACE}/teams")
@requires(permissions.VIEW)
def teams() -> Response:
    """All of them at once, by name."""
    read_query(())
    rows = queries.rows_by_team()
    return jsonify(data=[team_json(team, rows.get(team.id, ())) for team in queries.teams()], next_cursor=None)
