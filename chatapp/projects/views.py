"""Projects: list, create, and the page with the snippet."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, render_template, url_for

from chatapp.auth.identity import signed_in_user
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.projects import permissions, queries, services
from chatapp.projects.forms import ProjectForm
from chatapp.projects.models import Project
from chatapp.workspaces.door import current_workspace

bp = Blueprint("projects", __name__)


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
    project = services.create(
        current_workspace(), name=form.name.data or "", allowed_domains=form.allowed_domains, by=signed_in_user()
    )
    return move(url_for("projects.widget_settings", project_id=project.id))


@bp.get("/projects/<uuid:project_id>/settings/widget")
@requires(permissions.VIEW)
def widget_settings(project_id: UUID) -> Response:
    project = queries.project(project_id)
    form = ProjectForm(data={"name": project.name, "domains": "\n".join(project.allowed_domains)})
    return _settings(project, form, 200)


@bp.post("/projects/<uuid:project_id>/settings/widget")
@requires(permissions.MANAGE)
def update_widget_settings(project_id: UUID) -> Response:
    project = queries.project(project_id)
    form = ProjectForm()
    if not form.validate_on_submit():
        return _settings(project, form, 422)
    services.update(project, name=form.name.data or "", allowed_domains=form.allowed_domains, by=signed_in_user())
    return move(url_for("projects.widget_settings", project_id=project.id))


@bp.get("/projects/<uuid:project_id>/installation")
@requires(permissions.VIEW)
def installation(project_id: UUID) -> Response:
    """The live check “we see your site”, polled by the settings page until it is true."""
    return make_response(render_template("projects/_installation.html", project=queries.project(project_id)))


def _list(form: ProjectForm, status: int) -> Response:
    return make_response(render_template("projects/index.html", projects=queries.projects(), form=form), status)


def _settings(project: Project, form: ProjectForm, status: int) -> Response:
    config = current_app.extensions["chatapp.config"]
    snippet = f'<script src="{config.public_url}/widget.js" data-key="{project.site_key}" async></script>'
    return make_response(
        render_template("projects/settings/widget.html", project=project, form=form, snippet=snippet), status
    )
