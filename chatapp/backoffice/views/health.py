"""How the installation is."""

from __future__ import annotations

from flask import Response, make_response, render_template

from chatapp.backoffice.queries import health
from chatapp.backoffice.views.blueprint import bp
from chatapp.common.permissions import requires_operator


@bp.get("/health")
@requires_operator
def health_page() -> Response:
    return make_response(render_template("backoffice/health.html", parts=health.parts()))
