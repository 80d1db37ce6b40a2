"""What a member must meet before anything in a workspace opens, whatever their role. The door asks here.

A page is answered with a page that says what to do; programs, sockets and fragments with the same sentence.
"""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask_babel import format_date
from flask_babel import gettext as _

from chatapp.auth import queries as users
from chatapp.auth.identity import API_BLUEPRINT
from chatapp.common.errors import AppError
from chatapp.common.htmx import is_htmx
from chatapp.workspaces.models import Membership

_ALWAYS_OPEN = frozenset({"team.leave", "closures.keep"})


def refusal(membership: Membership) -> Response | None:
    """The page instead of the one that was asked for, or None where nothing is in the way. Raises `AppError` 403."""
    workspace = membership.workspace
    if request.endpoint in _ALWAYS_OPEN:
        return None
    if workspace.purge_at is not None:
        until = format_date(workspace.purge_at)
        return _say("workspaces/closed.html", _("It will be deleted on %(date)s.", date=until), membership)
    if workspace.two_factor_since and not users.has_two_factor(membership.user_id):
        since = format_date(workspace.two_factor_since)
        sentence = _("%(name)s asks everybody for two-factor since %(date)s.", name=workspace.name, date=since)
        return _say("workspaces/two_factor_needed.html", sentence, membership)
    return None


def _say(template: str, sentence: str, membership: Membership) -> Response:
    is_page = request.method == "GET" and request.blueprint != API_BLUEPRINT and "Upgrade" not in request.headers
    if not is_page or is_htmx():
        raise AppError(403, sentence)
    return make_response(render_template(template, sentence=sentence, membership=membership), 403)
