"""Teams: list them, make one, say who is in it, rename and delete it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.assignment import queries as assignment_queries
from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.conversations import queries as conversation_queries
from chatapp.team import services as team_door
from chatapp.team.forms import AssignmentForm, TeamForm, chosen_members
from chatapp.team.views.blueprint import bp
from chatapp.teams import permissions, queries, services
from chatapp.teams.models import Team
from chatapp.workspaces import queries as workspace_queries
from chatapp.workspaces.door import current_membership


@bp.get("/team/teams")
@requires(permissions.VIEW)
def teams() -> Response:
    return _list(TeamForm(formdata=None))


@bp.post("/team/teams")
@requires(permissions.MANAGE)
def create_team() -> Response:
    form = TeamForm()
    if not form.validate_on_submit():
        return _list(form, status=422)
    try:
        team = services.create(
            name=form.name.data or "", description=form.description.data or "", by=current_membership()
        )
    except AppError as error:
        return _list(form, error=error, status=error.status)
    flash(_("The team is there. Now choose who is in it."))
    return move(url_for("team.show_team", team_id=team.id))


@bp.get("/team/teams/<uuid:team_id>")
@requires(permissions.VIEW)
def show_team(team_id: UUID) -> Response:
    return _page(queries.team(team_id))


@bp.post("/team/teams/<uuid:team_id>")
@requires(permissions.MANAGE)
def rename_team(team_id: UUID) -> Response:
    team = queries.team(team_id)
    form = TeamForm()
    if not form.validate_on_submit():
        return _page(team, form=form, status=422)
    try:
        services.rename(
            team, name=form.name.data or "", description=form.description.data or "", by=current_membership()
        )
    except AppError as error:
        return _page(team, form=form, error=error, status=error.status)
    return _back(team, _("The team is saved."))


@bp.post("/team/teams/<uuid:team_id>/members")
@requires(permissions.MANAGE)
def choose_team_members(team_id: UUID) -> Response:
    """Exactly those who are ticked."""
    team = queries.team(team_id)
    services.choose_members(team, user_ids=chosen_members("member_ids"), by=current_membership())
    return _back(team, _("The members of the team are saved."))


@bp.post("/team/teams/<uuid:team_id>/assignment")
@requires(permissions.MANAGE)
def set_assignment(team_id: UUID) -> Response:
    """How its conversations find somebody."""
    team = queries.team(team_id)
    rules = AssignmentForm()
    if not rules.validate_on_submit():
        return _page(team, rules=rules, status=422)
    services.set_assignment(
        team,
        assignment=rules.assignment.data,
        capacity=rules.capacity.data,
        only_online=rules.only_online.data,
        by=current_membership(),
    )
    return _back(team, _("Saved. What waits is handed out by these rules."))


@bp.post("/team/teams/<uuid:team_id>/deletion")
@requires(permissions.MANAGE)
def delete_team(team_id: UUID) -> Response:
    team = queries.team(team_id)
    team_door.delete_team(team, by=current_membership())
    flash(_("The team “%(name)s” is deleted.", name=team.name))
    return move(url_for("team.teams"))


def _back(team: Team, done: str) -> Response:
    flash(done)
    return move(url_for("team.show_team", team_id=team.id))


def _list(form: TeamForm, *, error: AppError | None = None, status: int = 200) -> Response:
    return make_response(
        render_template(
            "team/teams/index.html",
            teams=queries.teams(),
            rows_by_team=queries.rows_by_team(),
            open_counts=conversation_queries.open_counts_of_teams(),
            form=form,
            error=error,
        ),
        status,
    )


def _page(
    team: Team,
    *,
    form: TeamForm | None = None,
    rules: AssignmentForm | None = None,
    error: AppError | None = None,
    status: int = 200,
) -> Response:
    rows = queries.rows_of(team.id)
    return make_response(
        render_template(
            "team/teams/show.html",
            team=team,
            rows=rows,
            loads=assignment_queries.loads_of([row.user_id for row in rows]),
            moment=now(),
            members=workspace_queries.team(),
            form=form or TeamForm(formdata=None, obj=team),
            rules=rules or AssignmentForm(formdata=None, obj=team),
            error=error,
        ),
        status,
    )
