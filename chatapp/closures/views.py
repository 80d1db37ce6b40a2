"""The page on which an owner deletes a workspace, and the way back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.auth.step_up import requires_fresh_proof
from chatapp.closures import services
from chatapp.closures.forms import ClosureForm
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.workspaces import permissions
from chatapp.workspaces.door import current_workspace

bp = Blueprint("closures", __name__)


@bp.get("/settings/deletion")
@requires(permissions.OWN)
def show() -> Response:
    return _page(ClosureForm(formdata=None))


@bp.post("/settings/deletion")
@requires(permissions.OWN)
@requires_fresh_proof
def close() -> Response:
    form = ClosureForm()
    if not form.validate_on_submit():
        return _page(form, status=422)
    try:
        services.close(current_workspace(), name=form.name.data or "", by=signed_in_user())
    except AppError as error:
        return _page(form, error, error.status)
    return move(url_for("dashboard.home"))


@bp.post("/settings/deletion/end")
@requires(permissions.OWN)
def keep() -> Response:
    services.keep(current_workspace(), by=signed_in_user())
    flash(_("The workspace is open again, as it was."))
    return move(url_for("dashboard.home"))


def _page(form: ClosureForm, error: AppError | None = None, status: int = 200) -> Response:
    return make_response(
        render_template("closures/show.html", form=form, error=error, days=services.GRACE.days), status
    )
