"""Security settings: whether everybody here needs two-factor."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.auth.step_up import requires_fresh_proof
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.workspaces import permissions, queries, services
from chatapp.workspaces.door import current_workspace
from chatapp.workspaces.views.settings import bp


@bp.get("/settings/security")
@requires(permissions.MANAGE)
def security() -> Response:
    return _page()


@bp.post("/settings/security/two-factor")
@requires(permissions.MANAGE)
def require_two_factor() -> Response:
    try:
        services.require_two_factor(current_workspace(), by=signed_in_user())
    except AppError as error:
        return _page(error)
    flash(_("Everybody needs two-factor from now on."))
    return move(url_for("workspace_settings.security"))


@bp.post("/settings/security/two-factor/end")
@requires(permissions.MANAGE)
@requires_fresh_proof
def stop_requiring_two_factor() -> Response:
    services.stop_requiring_two_factor(current_workspace(), by=signed_in_user())
    flash(_("Two-factor is for everybody to decide for themselves."))
    return move(url_for("workspace_settings.security"))


def _page(error: AppError | None = None) -> Response:
    without = queries.members_without_two_factor()
    return make_response(
        render_template(
            "workspaces/settings/security.html",
            without=without,
            has_it=signed_in_user().id not in {member.user_id for member in without},
            error=error,
        ),
        error.status if error else 200,
    )
