"""What operators did."""

from __future__ import annotations

from flask import Response, make_response, render_template

from chatapp.backoffice.models import DEEDS
from chatapp.backoffice.queries import log
from chatapp.backoffice.views.blueprint import asked, bp
from chatapp.common.permissions import requires_operator


@bp.get("/log")
@requires_operator
def entries() -> Response:
    _search, cursor = asked()
    page = log.page(cursor=cursor)
    return make_response(render_template("backoffice/log.html", page=page, deeds=DEEDS, is_first=cursor is None))
