"""The settings of attributes: the lists, and each of them to change."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.attributes import permissions, queries, services
from chatapp.attributes.forms import AttributeForm
from chatapp.attributes.models import SUBJECTS, WITH_OPTIONS, Attribute
from chatapp.attributes.words import kind_words, subject_words
from chatapp.common.errors import AppError
from chatapp.common.htmx import move as go_to
from chatapp.common.permissions import requires
from chatapp.workspaces.door import current_membership

bp = Blueprint("attributes", __name__)


@bp.get("/settings/attributes")
@requires(permissions.VIEW)
def index() -> Response:
    page = render_template(
        "attributes/index.html",
        lists={subject: queries.attributes(subject) for subject in SUBJECTS},
        kind_words=kind_words,
        subject_words=subject_words,
    )
    return make_response(page)


@bp.get("/settings/attributes/new")
@requires(permissions.MANAGE)
def new() -> Response:
    """`?subject=` is what it is to be about."""
    form = AttributeForm()
    form.subject.data = request.args.get("subject", SUBJECTS[0])
    return _form(form)


@bp.post("/settings/attributes")
@requires(permissions.MANAGE)
def create() -> Response:
    form = AttributeForm()

    def make() -> None:
        what = {"subject": form.subject.data, "kind": form.kind.data, "key": (form.key.data or "").strip()}
        services.create(form.terms(), **what, by=current_membership())

    return _save(form, make)


@bp.get("/settings/attributes/<uuid:attribute_id>")
@requires(permissions.MANAGE)
def edit(attribute_id: UUID) -> Response:
    return _form(AttributeForm(queries.attribute(attribute_id)))


@bp.post("/settings/attributes/<uuid:attribute_id>")
@requires(permissions.MANAGE)
def update(attribute_id: UUID) -> Response:
    attribute = queries.attribute(attribute_id)
    form = AttributeForm(attribute)
    return _save(form, lambda: services.change(attribute, form.terms(), by=current_membership()))


@bp.post("/settings/attributes/<uuid:attribute_id>/place")
@requires(permissions.MANAGE)
def move(attribute_id: UUID) -> Response:
    """`direction` is up or down."""
    is_up = request.form.get("direction") == "up"
    services.move(queries.attribute(attribute_id), is_up=is_up, by=current_membership())
    return go_to(url_for("attributes.index"))


@bp.post("/settings/attributes/<uuid:attribute_id>/removal")
@requires(permissions.MANAGE)
def delete(attribute_id: UUID) -> Response:
    attribute = queries.attribute(attribute_id)
    services.delete(attribute, by=current_membership())
    flash(_("The attribute “%(name)s” is deleted.", name=attribute.name))
    return go_to(url_for("attributes.index"))


def _save(form: AttributeForm, work: Callable[[], object]) -> Response:
    if not form.validate_on_submit():
        return _form(form, status=422)
    try:
        work()
    except AppError as error:
        if error.status not in (409, 422):
            raise
        return _form(form, error=error, status=error.status)
    flash(_("The attribute is saved."))
    return go_to(url_for("attributes.index"))


def _form(form: AttributeForm, *, error: AppError | None = None, status: int = 200) -> Response:
    attribute: Attribute | None = form.attribute
    page = render_template(
        "attributes/edit.html", form=form, attribute=attribute, with_options=WITH_OPTIONS, error=error
    )
    return make_response(page, status)
