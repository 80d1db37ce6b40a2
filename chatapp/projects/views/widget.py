"""The widget's settings: the snippet, whether we see the site, and where the widget may open."""

from __future__ import annotations

from uuid import UUID

from flask import Response, current_app, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.projects import permissions, queries, services
from chatapp.projects.forms import DomainsForm
from chatapp.projects.models import Project
from chatapp.projects.views.blueprint import bp


@bp.get("/projects/<uuid:project_id>/settings/widget")
@requires(permissions.VIEW)
def widget_settings(project_id: UUID) -> Response:
    project = queries.project(project_id)
    return _page(project, DomainsForm(data={"domains": "\n".join(project.allowed_domains)}), 200)


@bp.post("/projects/<uuid:project_id>/settings/widget")
@requires(permissions.MANAGE)
def update_widget_settings(project_id: UUID) -> Response:
    project, form = queries.project(project_id), DomainsForm()
    if not form.validate_on_submit():
        return _page(project, form, 422)
    services.allow_domains(project, form.allowed_domains, by=signed_in_user())
    flash(_("Saved."))
    return move(url_for("projects.widget_settings", project_id=project.id))


@bp.get("/projects/<uuid:project_id>/installation")
@requires(permissions.VIEW)
def installation(project_id: UUID) -> Response:
    """The live check “we see your site”, polled by the settings page until it is true."""
    return make_response(render_template("projects/_installation.html", project=queries.project(project_id)))


def _page(project: Project, form: DomainsForm, status: int) -> Response:
    config = current_app.extensions["chatapp.config"]
    snippet = f'<script src="{config.public_url}/widget.js" data-key="{project.site_key}" async></script>'
    page = render_template("projects/settings/widget.html", project=project, form=form, snippet=snippet)
    return make_response(page, status)
