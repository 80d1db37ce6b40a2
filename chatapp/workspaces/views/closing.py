"""When conversations are closed by themselves."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.workspaces import permissions, services
from chatapp.workspaces.door import current_workspace
from chatapp.workspaces.forms import ClosingForm
from chatapp.workspaces.views.settings import bp


@bp.get("/settings/closing")
@requires(permissions.MANAGE)
def closing() -> Response:
    return _page(ClosingForm.of(current_workspace()))


@bp.post("/settings/closing")
@requires(permissions.MANAGE)
def change_closing() -> Response:
    form = ClosingForm()
    if not form.validate_on_submit():
        return _page(form, status=422)
    message = form.message.data or None
    services.close_idle_after(current_workspace(), hours=form.hours, message=message, by=signed_in_user())
    flash(_("Saved."))
    return move(url_for("workspace_settings.closing"))


def _page(form: ClosingForm, status: int = 200) -> Response:
    return make_response(render_template("workspaces/settings/closing.html", form=form), status)
