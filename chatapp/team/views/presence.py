"""Whether one wants to be found: chosen by hand, or left to what one's tabs tell."""

from __future__ import annotations

from flask import Response, make_response, request
from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.common.permissions import requires
from chatapp.team.views.blueprint import bp
from chatapp.workspaces import permissions, presence, queries
from chatapp.workspaces.door import current_membership
from chatapp.workspaces.models import AVAILABILITIES


@bp.post("/team/availability")
@requires(permissions.TEAM_VIEW)
def choose_availability() -> Response:
    availability = request.form.get("availability", "")
    if availability not in AVAILABILITIES:
        raise AppError(422, _("Choose one of the list."))
    presence.choose(queries.member(current_membership().user_id), availability=availability)
    return make_response("", 204)
