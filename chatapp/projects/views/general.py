"""What a project is called, when it answers and who does."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.common.forms import chosen_id
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.hours import queries as hours
from chatapp.projects import permissions, queries, services
from chatapp.projects.forms import GeneralForm
from chatapp.projects.models import Project
from chatapp.projects.views.blueprint import bp
from chatapp.teams import queries as team_queries


@bp.get("/projects/<uuid:project_id>/settings/general")
@requires(permissions.VIEW)
def general(project_id: UUID) -> Response:
    project = queries.project(project_id)
    return _page(project, GeneralForm(data={"name": project.name, "hours_id": str(project.hours_id or "")}), 200)


@bp.post("/projects/<uuid:project_id>/settings/general")
@requires(permissions.MANAGE)
def change(project_id: UUID) -> Response:
    project, form = queries.project(project_id), GeneralForm()
    if not form.validate_on_submit():
        return _page(project, form, 422)
    services.change(project, name=form.name.data or "", hours_id=form.chosen_hours, by=signed_in_user())
    flash(_("Saved."))
    return move(url_for("projects.general", project_id=project.id))


@bp.post("/projects/<uuid:project_id>/settings/team")
@requires(permissions.MANAGE)
def send_to_team(project_id: UUID) -> Response:
    """Which team new conversations go to."""
    project = queries.project(project_id)
    services.send_to_team(project, team_id=chosen_id("team_id"), by=signed_in_user())
    flash(_("Saved. It counts for conversations that begin from now on."))
    return move(url_for("projects.general", project_id=project.id))


def _page(project: Project, form: GeneralForm, status: int) -> Response:
    form.offer_hours(hours.schedules())
    page = render_template("projects/settings/general.html", project=project, form=form, teams=team_queries.teams())
    return make_response(page, status)
