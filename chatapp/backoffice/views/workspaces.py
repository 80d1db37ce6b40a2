"""Every workspace: the list, and one of them."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.backoffice.forms import PlanForm
from chatapp.backoffice.models import DEEDS
from chatapp.backoffice.queries import log, workspaces
from chatapp.backoffice.services import workspaces as companies
from chatapp.backoffice.views.blueprint import asked, bp
from chatapp.common.htmx import move
from chatapp.common.permissions import requires_operator
from chatapp.workspaces.models import Workspace


@bp.get("/")
@requires_operator
def home() -> Response:
    return make_response(redirect(url_for("backoffice.workspace_list")))


@bp.get("/workspaces")
@requires_operator
def workspace_list() -> Response:
    search, cursor = asked()
    page = workspaces.page(search, cursor=cursor)
    return make_response(
        render_template("backoffice/workspaces.html", page=page, search=search, is_first=cursor is None)
    )


@bp.get("/workspaces/<uuid:workspace_id>")
@requires_operator
def workspace(workspace_id: UUID) -> Response:
    found = workspaces.workspace(workspace_id)
    return _page(found, PlanForm(formdata=None, obj=workspaces.plan(found)), 200)


@bp.post("/workspaces/<uuid:workspace_id>/plan")
@requires_operator
def change_plan(workspace_id: UUID) -> Response:
    found, form = workspaces.workspace(workspace_id), PlanForm()
    if not form.validate_on_submit():
        return _page(found, form, 422)
    companies.change_plan(
        found, name=form.name.data, seats=form.seats.data, projects=form.projects.data, by=signed_in_user()
    )
    flash(_("The plan is changed. It counts from now on."))
    return move(url_for("backoffice.workspace", workspace_id=found.id))


def _page(found: Workspace, form: PlanForm, status: int) -> Response:
    return make_response(
        render_template(
            "backoffice/workspace.html",
            subject=found,
            size=workspaces.size(found),
            members=workspaces.members(found),
            projects=workspaces.projects(found),
            form=form,
            entries=log.about(found.id),
            deeds=DEEDS,
        ),
        status,
    )
