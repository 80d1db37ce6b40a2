"""The settings of labels: the list, and each of them to change."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.labels import permissions, queries, services
from chatapp.labels.forms import LabelForm
from chatapp.labels.models import COLOURS, Label
from chatapp.labels.words import colour_words
from chatapp.workspaces.door import current_membership

bp = Blueprint("labels", __name__)


@bp.get("/settings/labels")
@requires(permissions.VIEW)
def index() -> Response:
    return _list(LabelForm(formdata=None, data={"colour": queries.rarest_colour()}))


@bp.post("/settings/labels")
@requires(permissions.MANAGE)
def create() -> Response:
    form = LabelForm()
    return _save(
        form, lambda: services.create(name=form.name.data or "", colour=form.colour.data, by=current_membership())
    )


@bp.get("/settings/labels/<uuid:label_id>")
@requires(permissions.VIEW)
def edit(label_id: UUID) -> Response:
    label = queries.label(label_id)
    return _list(LabelForm(formdata=None, obj=label), label)


@bp.post("/settings/labels/<uuid:label_id>")
@requires(permissions.MANAGE)
def update(label_id: UUID) -> Response:
    label, form = queries.label(label_id), LabelForm()

    def change() -> None:
        services.change(label, name=form.name.data or "", colour=form.colour.data or "", by=current_membership())

    return _save(form, change, label)


@bp.post("/settings/labels/<uuid:label_id>/removal")
@requires(permissions.MANAGE)
def delete(label_id: UUID) -> Response:
    label = queries.label(label_id)
    services.delete(label, by=current_membership())
    flash(_("The label “%(name)s” is deleted.", name=label.name))
    return move(url_for("labels.index"))


def _save(form: LabelForm, work: Callable[[], object], label: Label | None = None) -> Response:
    if not form.validate_on_submit():
        return _list(form, label, status=422)
    try:
        work()
    except AppError as error:
        if error.status not in (409, 422):
            raise
        return _list(form, label, error=error, status=error.status)
    flash(_("The label is saved."))
    return move(url_for("labels.index"))


def _list(form: LabelForm, label: Label | None = None, *, error: AppError | None = None, status: int = 200) -> Response:
    page = render_template(
        "labels/index.html",
        labels=queries.labels(),
        form=form,
        label=label,
        error=error,
        colours=[(colour, colour_words(colour)) for colour in COLOURS],
    )
    return make_response(page, status)
