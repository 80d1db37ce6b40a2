"""Search in the inbox: its panel lies over the list, and what is found stands in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from chatapp.common.htmx import is_htmx
from chatapp.common.i18n import LOCALES
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.inbox import search_form
from chatapp.inbox.views import list_context
from chatapp.search import queries
from chatapp.workspaces.door import current_workspace

bp = Blueprint("search", __name__)


@bp.get("/inbox/search")
@requires(permissions.VIEW)
def show() -> Response:
    """`?q=` and the filters: the inbox with the panel open; under htmx only the panel."""
    template, context = ("inbox/_search.html", {}) if is_htmx() else ("inbox/show.html", list_context())
    page = render_template(template, **context, conversation=None, **_found(), **search_form.choices())
    response = make_response(page)
    response.headers["Vary"] = "HX-Request"
    return response


@bp.get("/inbox/search/hits")
@requires(permissions.VIEW)
def hits() -> Response:
    """What is found; with `?cursor=` the next page of it."""
    template = "inbox/_hit_rows.html" if request.args.get("cursor") else "inbox/_hits.html"
    return make_response(render_template(template, **_found()))


@bp.get("/inbox/search/people")
@requires(permissions.VIEW)
def jump() -> Response:
    """`?q=`: people for the command palette, each with their latest conversation."""
    asked = search_form.asked()
    people = queries.people(queries.Wanted(asked.words)) if asked.is_enough else []
    return make_response(render_template("inbox/_jump.html", search=asked, people=people))


def _found() -> dict[str, Any]:
    asked = search_form.asked()
    wanted, cursor = search_form.wanted(asked), request.args.get("cursor")
    locales = sorted({*LOCALES, current_workspace().locale})
    if not asked.is_enough:
        return {"search": asked, "people": [], "hits": queries.NO_HITS}
    people = [] if cursor else queries.people(wanted)
    return {"search": asked, "people": people, "hits": queries.messages(wanted, locales=locales, cursor=cursor)}
