"""The list of projects, and how one is made."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for

from chatapp.auth.identity import signed_in_user
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.projects import permissions, queries, services
from chatapp.projects.forms import ProjectForm
from chatapp.projects.views.blueprint import bp
from chatapp.workspaces.door import current_workspace


@bp.get("/projects")
@requires(permissions.VIEW)
def index() -> Response:
    return _list(ProjectForm(), 200)


@bp.post("/projects")
@requires(permissions.MANAGE)
def create() -> Response:
    form = ProjectForm()
    if not form.validate_on_submit():
        return _list(form, 422)
    try:
        project = services.create(
            current_workspace(), name=form.name.data or "", allowed_domains=form.allowed_domains, by=signed_in_user()
        )
    except AppError as error:
        return _list(form, error.status, error)
    return move(url_for("projects.widget_settings", project_id=project.id))


def _list(form: ProjectForm, status: int, error: AppError | None = None) -> Response:
    page = render_template("projects/index.html", projects=queries.projects(), form=form, error=error)
    return make_response(page, status)
