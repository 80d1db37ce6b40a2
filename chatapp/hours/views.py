"""The settings of business hours: all schedules, and one to write."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.auth.identity import signed_in_user
from chatapp.common import time_zones
from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.hours import permissions, queries, services, words
from chatapp.hours.forms import HoursForm
from chatapp.hours.models import Hours

bp = Blueprint("hours", __name__)


@bp.get("/settings/hours")
@requires(permissions.VIEW)
def index() -> Response:
    return _list()


@bp.get("/settings/hours/new")
@requires(permissions.MANAGE)
def new() -> Response:
    return _form(HoursForm.blank())


@bp.post("/settings/hours")
@requires(permissions.MANAGE)
def create() -> Response:
    return _save(HoursForm(), services.create)


@bp.get("/settings/hours/<uuid:hours_id>")
@requires(permissions.VIEW)
def edit(hours_id: UUID) -> Response:
    hours = queries.schedule(hours_id)
    return _form(HoursForm.of(hours), hours)


@bp.post("/settings/hours/<uuid:hours_id>")
@requires(permissions.MANAGE)
def update(hours_id: UUID) -> Response:
    hours = queries.schedule(hours_id)
    return _save(HoursForm(), partial(services.update, hours), hours)


@bp.post("/settings/hours/<uuid:hours_id>/removal")
@requires(permissions.MANAGE)
def delete(hours_id: UUID) -> Response:
    hours = queries.schedule(hours_id)
    try:
        services.delete(hours, by=signed_in_user())
    except AppError as error:
        return _list(error)
    flash(_("The hours are deleted."))
    return move(url_for("hours.index"))


def _save(form: HoursForm, work: Callable[..., object], hours: Hours | None = None) -> Response:
    if not form.read():
        return _form(form, hours, status=422)
    try:
        work(name=form.name.data or "", calendar=form.calendar, is_default=form.is_default.data, by=signed_in_user())
    except AppError as error:
        return _form(form, hours, error=error, status=error.status)
    flash(_("The hours are saved."))
    return move(url_for("hours.index"))


def _list(error: AppError | None = None) -> Response:
    page = render_template(
        "hours/index.html", schedules=queries.schedules(), at=now(), words=words, most=services.MOST, error=error
    )
    return make_response(page, error.status if error else 200)


def _form(form: HoursForm, hours: Hours | None = None, *, error: AppError | None = None, status: int = 200) -> Response:
    page = render_template(
        "hours/edit.html", form=form, hours=hours, at=now(), words=words, zones=sorted(time_zones.zones()), error=error
    )
    return make_response(page, status)
