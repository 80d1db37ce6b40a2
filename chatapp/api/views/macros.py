"""Macros: which the caller can run."""

from __future__ import annotations

from flask import Response, jsonify

from chatapp.api.payloads import read_query
from chatapp.api.views.blueprint import WORKSPACE, bp
from chatapp.api.wire import macro_json
from chatapp.common.permissions import requires
from chatapp.macros import permissions, queries
from chatapp.workspaces.door import current_membership


@bp.get(f"{WORKSPACE}/macros")
@requires(permissions.VIEW)
def macros() -> Response:
    """Those of everybody, of the caller's teams and their own, the most used first, in one page."""
    read_query(())
    return jsonify(data=[macro_json(macro) for macro in queries.usable(current_membership())], next_cursor=None)
