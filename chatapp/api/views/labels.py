"""Labels: which there are."""

from __future__ import annotations

from flask import Response, jsonify

from chatapp.api.payloads import read_query
from chatapp.api.views.blueprint import WORKSPACE, bp
from chatapp.api.wire import label_json
from chatapp.common.permissions import requires
from chatapp.labels import permissions, queries


@bp.get(f"{WORKSPACE}/labels")
@requires(permissions.VIEW)
def labels() -> Response:
    """Every label, by name, in one page."""
    read_query(())
    return jsonify(data=[label_json(label) for label in queries.labels()], next_cursor=None)
