"""List, create and enter workspaces."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, url_for

from chatapp.auth.identity import signed_in_user
from chatapp.common import pictures, time_zones
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.i18n import choose_locale
from chatapp.common.permissions import requires_login
from chatapp.workspaces import queries, services
from chatapp.workspaces.forms import WorkspaceForm

bp = Blueprint("workspaces", __name__)


@bp.get("/workspaces")
@requires_login
def index() -> Response:
    return _list(WorkspaceForm(), 200)


@bp.post("/workspaces")
@requires_login
def create() -> Response:
    form = WorkspaceForm()
    if not form.validate_on_submit():
        return _list(form, 422)
    try:
        workspace = services.create(
            name=form.name.data or "",
            slug=form.slug.data or "",
            locale=choose_locale(),
            time_zone=time_zones.known(form.time_zone.data),
            owner=signed_in_user(),
        )
    except AppError as error:
        return _list(form, error.status, error)
    return move(url_for("dashboard.home", slug=workspace.slug))


@bp.get("/logos/<token>")
def logo(token: str) -> Response:
    return pictures.answer(queries.logo(token))


def _list(form: WorkspaceForm, status: int, error: AppError | None = None) -> Response:
    memberships = queries.memberships_of(signed_in_user().id)
    return make_response(
        render_template("workspaces/index.html", memberships=memberships, form=form, error=error), status
    )
