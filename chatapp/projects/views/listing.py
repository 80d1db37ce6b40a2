"""The list of projects, and how one is made."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

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


@bp.post("/projects/<uuid:project_id>/archival")
@requires(permissions.MANAGE)
def archive(project_id: UUID) -> Response:
    services.archive(queries.project(project_id), by=signed_in_user())
    flash(_("The project is archived."))
    return move(url_for("projects.index"))


@bp.post("/projects/<uuid:project_id>/restoration")
@requires(permissions.MANAGE)
def restore(project_id: UUID) -> Response:
    try:
        services.restore(queries.project(project_id), by=signed_in_user())
    except AppError as error:
        if error.status != HTTPStatus.PAYMENT_REQUIRED:
            raise
        return _list(ProjectForm(formdata=None), error.status, refusal=error)
    flash(_("The project is in use again."))
    return move(url_for("projects.index"))


def _list(
    form: ProjectForm, status: int, error: AppError | None = None, *, refusal: AppError | None = None
) -> Response:
    """`error` is about the new project, `refusal` about one of the list."""
    found = queries.projects()
    page = render_template(
        "projects/index.html",
        projects=[project for project in found if not project.is_archived],
        archived=[project for project in found if project.is_archived],
        form=form,
        error=error,
        refusal=refusal,
    )
    return make_response(page, status)
