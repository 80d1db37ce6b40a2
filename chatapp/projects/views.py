"""Projects: list, create, and the page with the snippet."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, current_app, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.common.errors import AppError
from chatapp.common.forms import chosen_id
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.hours import queries as hours
from chatapp.projects import permissions, queries, services
from chatapp.projects.forms import ProjectForm
from chatapp.projects.models import Project
from chatapp.teams import queries as team_queries
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
    try:
        project = services.create(
            current_workspace(), name=form.name.data or "", allowed_domains=form.allowed_domains, by=signed_in_user()
        )
    except AppError as error:
        return _list(form, error.status, error)
    return move(url_for("projects.widget_settings", project_id=project.id))


@bp.get("/projects/<uuid:project_id>/settings/widget")
@requires(permissions.VIEW)
def widget_settings(project_id: UUID) -> Response:
    project = queries.project(project_id)
    form = ProjectForm(
        data={
            "name": project.name,
            "domains": "\n".join(project.allowed_domains),
            "hours_id": str(project.hours_id or ""),
        }
    )
    return _settings(project, form, 200)


@bp.post("/projects/<uuid:project_id>/settings/widget")
@requires(permissions.MANAGE)
def update_widget_settings(project_id: UUID) -> Response:
    project = queries.project(project_id)
    form = ProjectForm()
    if not form.validate_on_submit():
        return _settings(project, form, 422)
    services.update(
        project,
        name=form.name.data or "",
        allowed_domains=form.allowed_domains,
        hours_id=form.chosen_hours,
        by=signed_in_user(),
    )
    return move(url_for("projects.widget_settings", project_id=project.id))


@bp.post("/projects/<uuid:project_id>/settings/team")
@requires(permissions.MANAGE)
def send_to_team(project_id: UUID) -> Response:
    """Which team new conversations go to."""
    project = queries.project(project_id)
    services.send_to_team(project, team_id=chosen_id("team_id"), by=signed_in_user())
    flash(_("Saved. It counts for conversations that begin from now on."))
    return move(url_for("projects.widget_settings", project_id=project.id))


@bp.get("/projects/<uuid:project_id>/installation")
@requires(permissions.VIEW)
def installation(project_id: UUID) -> Response:
    """The live check “we see your site”, polled by the settings page until it is true."""
    return make_response(render_template("projects/_installation.html", project=queries.project(project_id)))


def _list(form: ProjectForm, status: int, error: AppError | None = None) -> Response:
    page = render_template("projects/index.html", projects=queries.projects(), form=form, error=error)
    return make_response(page, status)


def _settings(project: Project, form: ProjectForm, status: int) -> Response:
    form.offer_hours(hours.schedules())
    config = current_app.extensions["chatapp.config"]
    snippet = f'<script src="{config.public_url}/widget.js" data-key="{project.site_key}" async></script>'
    return make_response(
        render_template(
            "projects/settings/widget.html", project=project, form=form, snippet=snippet, teams=team_queries.teams()
        ),
        status,
    )
