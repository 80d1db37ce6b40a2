"""The settings of how a project's widget looks and speaks, with the real widget beside the form.

The form is sent to `preview` while it is typed in: that keeps a draft, and answers what is to be said about it. Then
`site`, a pretend site in a frame, shows the draft by means of the loader and the panel that visitors get.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.common import limits, pictures
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.i18n import LOCALES
from chatapp.common.permissions import requires
from chatapp.common.security import allow_frames, allow_framing
from chatapp.projects import permissions, queries, services
from chatapp.projects.appearance import Appearance
from chatapp.projects.models import Project
from chatapp.projects.settings_pages import PAGES
from chatapp.teams import queries as teams
from chatapp.widget import drafts, theme
from chatapp.widget.forms import AppearanceForm

bp = Blueprint("appearance", __name__)

COLOURS = ("#115c45", "#4150d8", "#2a2e3a", "#ad4a24", "#76295f", "#f2c445")


@bp.get("/projects/<uuid:project_id>/settings/appearance")
@requires(permissions.VIEW)
def show(project_id: UUID) -> Response:
    project = queries.project(project_id)
    return _page(project, AppearanceForm.of(Appearance.of(project)), 200)


@bp.post("/projects/<uuid:project_id>/settings/appearance")
@requires(permissions.MANAGE)
def save(project_id: UUID) -> Response:
    project, form = queries.project(project_id), AppearanceForm()
    if not form.validate_on_submit():
        return _page(project, form, 422)
    services.dress(project, form.appearance, by=signed_in_user())
    flash(_("Saved. Visitors see it within five minutes."))
    return move(url_for("appearance.show", project_id=project.id))


@bp.post("/projects/<uuid:project_id>/settings/appearance/preview")
@requires(permissions.MANAGE)
def preview(project_id: UUID) -> Response:
    """Keeps what is being typed as a draft, and says what there is to say about it."""
    project, form = queries.project(project_id), AppearanceForm()
    if not form.validate_on_submit():
        return make_response(render_template("projects/appearance/_verdict.html", form=form), 422)
    appearance = form.appearance
    if appearance.faces_team_id is not None:
        teams.team(appearance.faces_team_id)
    verdict = render_template(
        "projects/appearance/_verdict.html",
        form=form,
        draft=drafts.keep(project, appearance),
        contrast=theme.contrast_on(appearance.accent),
    )
    return make_response(verdict)


@bp.get("/projects/<uuid:project_id>/settings/appearance/site")
@requires(permissions.VIEW)
def site(project_id: UUID) -> Response:
    """`?draft=` of `preview`, or what is saved; on which `screen`, `scheme` and `locale`."""
    project = queries.project(project_id)
    draft = request.args.get("draft") or drafts.keep(project, Appearance.of(project))
    screen, scheme = _chosen("screen", drafts.SCREENS), _chosen("scheme", drafts.SCHEMES)
    allow_framing("'self'")
    allow_frames()
    page = render_template(
        "projects/appearance/site.html",
        project=project,
        key=drafts.key_of(draft, screen=screen, scheme=scheme),
        is_open=screen != "closed",
        scheme=scheme,
        speaks=_chosen("locale", LOCALES),
    )
    return make_response(page)


@bp.post("/projects/<uuid:project_id>/settings/appearance/logo")
@requires(permissions.MANAGE)
@pictures.takes_picture
def change_logo(project_id: UUID) -> Response:
    project = queries.project(project_id)
    limits.hit(limits.PICTURES, "pictures", str(project.id))
    try:
        services.change_logo(project, pictures.sent(), by=signed_in_user())
    except AppError as error:
        return _page(project, AppearanceForm.of(Appearance.of(project)), error.status, picture_error=error)
    flash(_("The logo is changed."))
    return move(url_for("appearance.show", project_id=project.id))


@bp.post("/projects/<uuid:project_id>/settings/appearance/logo/removal")
@requires(permissions.MANAGE)
def remove_logo(project_id: UUID) -> Response:
    project = queries.project(project_id)
    services.change_logo(project, None, by=signed_in_user())
    flash(_("The logo is removed."))
    return move(url_for("appearance.show", project_id=project.id))


def _chosen(name: str, values: tuple[str, ...]) -> str:
    value = request.args.get(name, "")
    return value if value in values else values[0]


def _page(project: Project, form: AppearanceForm, status: int, *, picture_error: AppError | None = None) -> Response:
    form.offer_teams(teams.teams())
    allow_frames()
    accent = theme.normalised(form.accent.data or "") or project.accent
    page = render_template(
        "projects/appearance/show.html",
        project=project,
        project_pages=PAGES,
        form=form,
        picture_error=picture_error,
        colours=COLOURS,
        contrast=theme.contrast_on(accent),
        language=form.troubled_language or (project.locale if project.locale in LOCALES else str(get_locale())),
    )
    return make_response(page, status)
