"""What the bar above the list does to the conversations that are chosen there."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from chatapp.bulk import queries, services
from chatapp.bulk.models import BulkRun
from chatapp.bulk.shown import facts_of
from chatapp.bulk.verbs import verb
from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.common.htmx import toast, trigger
from chatapp.common.permissions import requires
from chatapp.conversations import permissions
from chatapp.conversations.snoozing import choices
from chatapp.hours import queries as hours
from chatapp.inbox.views import conditions_of
from chatapp.labels import queries as labels
from chatapp.messages.forms import SnoozeForm
from chatapp.teams import queries as teams
from chatapp.undo.offers import offer
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.door import current_membership, current_workspace, demand

bp = Blueprint("bulk", __name__)


@bp.post("/conversations/bulk")
@requires(permissions.VIEW)
def do() -> Response:
    """`what` with `value` to `ids`, separated by blanks; or, with `all`, to everything that `view` holds."""
    what = request.form.get("what", "")
    demand(verb(what).permission)
    try:
        value = _value(what)
        conversation_ids = _all() if "all" in request.form else _chosen()
        do_it = _do_at_once if len(conversation_ids) <= services.AT_ONCE else _begin
        return do_it(conversation_ids, what, value)
    except AppError as error:
        if what != "snooze" or error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        return _snooze_menu(SnoozeForm(), error)


@bp.get("/conversations/bulk/count")
@requires(permissions.VIEW)
def count() -> Response:
    """How many `view` holds, as its number alone: what "all of them" would mean."""
    return make_response(str(queries.count_where(conditions_of(request.args.get("view", "all")))))


@bp.get("/conversations/bulk/assignment")
@requires(permissions.ASSIGN)
def assignment_choices() -> Response:
    members = [member for member in workspaces.team() if member.may(permissions.REPLY)]
    return make_response(render_template("bulk/_assign.html", members=members, teams=teams.teams(), moment=now()))


@bp.get("/conversations/bulk/labels")
@requires(permissions.LABEL)
def label_choices() -> Response:
    return make_response(render_template("bulk/_labels.html", labels=labels.labels()))


@bp.get("/conversations/bulk/snooze")
@requires(permissions.CLOSE)
def snooze_choices() -> Response:
    """On the workspace's clock, and in its own business hours: the conversations may be of many projects."""
    return _snooze_menu(SnoozeForm.tomorrow(_zone()))


@bp.get("/conversations/bulk/runs/<uuid:bulk_run_id>")
@requires(permissions.VIEW)
def show(bulk_run_id: UUID) -> Response:
    """How far it is; asks again by itself until it is done."""
    return make_response(_run(queries.run_of(current_membership(), bulk_run_id)))


@bp.get("/conversations/bulk/runs")
@requires(permissions.VIEW)
def latest() -> Response:
    """The one that is under way, or has just ended."""
    return make_response(_run(queries.run_to_show(current_membership())))


@bp.post("/conversations/bulk/runs/<uuid:bulk_run_id>/seen")
@requires(permissions.VIEW)
def put_aside(bulk_run_id: UUID) -> Response:
    services.put_aside(queries.run_of(current_membership(), bulk_run_id))
    return make_response(_run(None))


def _do_at_once(conversation_ids: Sequence[UUID], what: str, value: str) -> Response:
    outcome = services.do(conversation_ids, what=what, value=value, by=current_membership())
    response = trigger(make_response("", 204), "bulk:done", {"what": what})
    words = services.words_of(what, outcome)
    return offer(response, words, outcome.deed) if outcome.deed else toast(response, words, tone="danger")


def _begin(conversation_ids: Sequence[UUID], what: str, value: str) -> Response:
    run = services.begin(conversation_ids, what=what, value=value, by=current_membership())
    response = make_response(render_template("bulk/begun.html", **facts_of(run)))
    return trigger(response, "bulk:done", {"what": what})


def _all() -> Sequence[UUID]:
    return queries.ids_where(conditions_of(request.form.get("view", "all")))


def _chosen() -> list[UUID]:
    """Raises `AppError` 422."""
    raw = dict.fromkeys(request.form.get("ids", "").split())
    if not raw:
        raise AppError(422, _("Choose some conversations first."))
    try:
        return [UUID(one) for one in raw]
    except ValueError:
        raise AppError(422, _("Choose one of the list.")) from None


def _value(what: str) -> str:
    if what != "snooze":
        return request.form.get("value", "")
    until = SnoozeForm().moment(_zone())
    return until.isoformat() if until else ""


def _zone() -> ZoneInfo:
    return ZoneInfo(current_workspace().time_zone)


def _snooze_menu(form: SnoozeForm, error: AppError | None = None) -> Response:
    schedule = hours.schedule_or_default(None)
    offered = choices(now(), zone=_zone(), calendar=schedule.calendar if schedule else None)
    page = render_template("bulk/_snooze.html", choices=offered, form=form, error=error, zone=_zone().key)
    response = make_response(page, error.status if error else 200)
    if error:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#bulk-snooze-choices", "innerHTML"
    return response


def _run(run: BulkRun | None) -> str:
    return render_template("bulk/_run.html", **facts_of(run))
