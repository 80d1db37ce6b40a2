"""The settings of targets: policies in their order, one to write, and how well they were kept."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.common.errors import AppError, not_found
from chatapp.common.htmx import move as go_to
from chatapp.common.permissions import requires
from chatapp.conversations.visibility import current_sight
from chatapp.hours import queries as hours
from chatapp.projects import queries as projects
from chatapp.sla import permissions, queries, report
from chatapp.sla.forms import PolicyForm
from chatapp.sla.models import KINDS, SlaPolicy
from chatapp.sla.services import policies
from chatapp.sla.words import kind_words, span_words
from chatapp.teams import queries as teams

bp = Blueprint("sla", __name__)


@bp.get("/settings/sla")
@requires(permissions.VIEW)
def index() -> Response:
    found = queries.policies()
    page = render_template(
        "sla/index.html",
        policies=found,
        figures=report.figures(),
        projects={project.id: project.name for project in projects.projects()},
        teams={team.id: team.name for team in teams.teams()},
        kinds=KINDS,
        kind_words=kind_words,
        span_words=span_words,
        days=report.DAYS,
        sees_all=current_sight().is_everything,
        most=policies.MOST,
    )
    return make_response(page)


@bp.get("/settings/sla/new")
@requires(permissions.MANAGE)
def new() -> Response:
    return _form(PolicyForm())


@bp.post("/settings/sla")
@requires(permissions.MANAGE)
def create() -> Response:
    form = PolicyForm()
    return _save(form, lambda: policies.create(form.terms(), by=signed_in_user()))


@bp.get("/settings/sla/<uuid:policy_id>")
@requires(permissions.VIEW)
def edit(policy_id: UUID) -> Response:
    policy = queries.policy(policy_id)
    return _form(PolicyForm.of(policy), policy)


@bp.post("/settings/sla/<uuid:policy_id>")
@requires(permissions.MANAGE)
def update(policy_id: UUID) -> Response:
    policy, form = queries.policy(policy_id), PolicyForm()
    return _save(form, lambda: policies.update(policy, form.terms(), by=signed_in_user()), policy)


@bp.post("/settings/sla/<uuid:policy_id>/removal")
@requires(permissions.MANAGE)
def delete(policy_id: UUID) -> Response:
    policies.delete(queries.policy(policy_id), by=signed_in_user())
    flash(_("The policy is deleted."))
    return go_to(url_for("sla.index"))


@bp.post("/settings/sla/<uuid:policy_id>/place")
@requires(permissions.MANAGE)
def move(policy_id: UUID) -> Response:
    """`direction` is up or down."""
    policies.move(queries.policy(policy_id), is_up=request.form.get("direction") == "up", by=signed_in_user())
    return go_to(url_for("sla.index"))


@bp.get("/settings/sla/<uuid:policy_id>/clocks")
@requires(permissions.VIEW)
def clocks(policy_id: UUID) -> Response:
    """The conversations behind a number of the report: `?kind=` and `outcome=`."""
    kind, outcome = request.args.get("kind", KINDS[0]), request.args.get("outcome", report.OUTCOMES[0])
    if kind not in KINDS or outcome not in report.OUTCOMES:
        raise not_found()
    policy = queries.policy(policy_id)
    page = report.clocks(policy.id, kind=kind, outcome=outcome, cursor=request.args.get("cursor"))
    is_first = not request.args.get("cursor")
    return make_response(
        render_template(
            "sla/clocks.html",
            policy=policy,
            page=page,
            kind=kind,
            outcome=outcome,
            is_first=is_first,
            kind_words=kind_words,
            days=report.DAYS,
            sees_all=current_sight().is_everything,
        )
    )


def _save(form: PolicyForm, work: Callable[[], object], policy: SlaPolicy | None = None) -> Response:
    if not form.validate_on_submit():
        return _form(form, policy, status=422)
    try:
        work()
    except AppError as error:
        if error.status == 404:
            raise
        return _form(form, policy, error=error, status=error.status)
    flash(_("The policy is saved. It counts for what begins from now on."))
    return go_to(url_for("sla.index"))


def _form(
    form: PolicyForm, policy: SlaPolicy | None = None, *, error: AppError | None = None, status: int = 200
) -> Response:
    form.offer(hours.schedules(), projects.projects(), teams.teams())
    return make_response(render_template("sla/edit.html", form=form, policy=policy, error=error, kinds=KINDS), status)
