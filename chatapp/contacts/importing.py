"""The pages of the CSV import: a file is uploaded, its columns are named, it is looked through, and taken in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from chatapp.attributes import queries as attributes
from chatapp.common.errors import AppError
from chatapp.common.htmx import is_htmx, move
from chatapp.common.permissions import requires
from chatapp.common.spreadsheet import as_csv
from chatapp.common.uploads import takes
from chatapp.contacts import permissions, queries, tables
from chatapp.contacts.files import demand_everybody
from chatapp.contacts.services import imports
from chatapp.endusers.models import ContactImport
from chatapp.workspaces.door import current_membership

bp = Blueprint("contact_imports", __name__)
FACTS = {"name": _l("Name"), "email": _l("Email"), "phone": _l("Phone"), "company": _l("Company")}
PROBLEMS = {
    "nobody": _l("There is no name, mail address or phone."),
    "long": _l("Something in this row is too long."),
    "phone": _l("This does not look like a phone number."),
    "email": _l("This does not look like a mail address."),
    "attribute": _l("A value does not fit its attribute."),
    "repeated": _l("This person stands in an earlier row already."),
    "erased": _l("This person was erased, and stays erased."),
}
_SHOWN = 20
_SAMPLES = 3


@bp.get("/contacts/imports/new")
@requires(permissions.IMPORT)
def new() -> Response:
    demand_everybody()
    return _new()


@bp.post("/contacts/imports")
@requires(permissions.IMPORT)
@takes(2 * tables.MOST_BYTES)
def upload() -> Response:
    demand_everybody()
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise tables.refused(_("Choose a file first."))
        content = file.stream.read(tables.MOST_BYTES + 1)
        made = imports.upload(content, name=file.filename.replace("\x00", ""), by=current_membership())
    except AppError as error:
        return _new(error)
    return _back_to(made)


@bp.get("/contacts/imports/<uuid:contact_import_id>")
@requires(permissions.IMPORT)
def show(contact_import_id: UUID) -> Response:
    """The page, or its middle while it asks every second how far it is."""
    demand_everybody()
    one = queries.contact_import(contact_import_id, with_content=True)
    response = make_response(
        render_template("contacts/_import.html" if is_htmx() else "contacts/import.html", **_state(one))
    )
    response.headers["Vary"] = "HX-Request"
    return response


@bp.post("/contacts/imports/<uuid:contact_import_id>/check")
@requires(permissions.IMPORT)
def check(contact_import_id: UUID) -> Response:
    demand_everybody()
    one = queries.contact_import(contact_import_id, lock=True, with_content=True)
    try:
        imports.check(one, columns=_columns(one))
    except AppError as error:
        if error.status != 422:
            raise
        return make_response(render_template("contacts/import.html", **_state(one, error)), 422)
    return _back_to(one)


@bp.post("/contacts/imports/<uuid:contact_import_id>/run")
@requires(permissions.IMPORT)
def run(contact_import_id: UUID) -> Response:
    demand_everybody()
    one = queries.contact_import(contact_import_id, lock=True)
    imports.run(one, by=current_membership())
    return _back_to(one)


@bp.post("/contacts/imports/<uuid:contact_import_id>/removal")
@requires(permissions.IMPORT)
def delete(contact_import_id: UUID) -> Response:
    """Forget the file; what was taken in stays."""
    demand_everybody()
    imports.forget(queries.contact_import(contact_import_id, lock=True))
    flash(_("The file is deleted."))
    return move(url_for("contacts.index"))


@bp.get("/contacts/imports/<uuid:contact_import_id>/problems.csv")
@requires(permissions.IMPORT)
def problems(contact_import_id: UUID) -> Response:
    """The rows that are not taken in, as they stood in the file, with the line and the reason."""
    demand_everybody()
    one = queries.contact_import(contact_import_id, with_content=True)
    head = [_("Line"), _("Problem"), *tables.lines_of(one.content, one.separator)[0][1]]
    rows = ([str(it.line), str(PROBLEMS[it.reason]), *it.cells] for it in queries.problems(one.id))
    response = make_response(as_csv(head, rows))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = 'attachment; filename="problems.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _new(error: AppError | None = None) -> Response:
    page = render_template("contacts/import_new.html", error=error, most_rows=tables.MOST_ROWS)
    return make_response(page, error.status if error else 200)


def _fields() -> dict[str, Any]:
    """What columns can say, with words: facts, and the attributes of contacts."""
    return FACTS | {imports.field_of(each): each.name for each in attributes.attributes("contacts")}


def _columns(one: ContactImport) -> dict[str, int]:
    """Which column each field is taken from, as it was chosen. Raises `AppError` 422."""
    width = len(tables.lines_of(one.content, one.separator)[0][1])
    chosen = {field: request.form.get(field, "") for field in _fields()}
    places = {field: int(place) for field, place in chosen.items() if place.isdecimal() and len(place) < 4}
    if len(places) < sum(bool(place) for place in chosen.values()) or any(place >= width for place in places.values()):
        raise tables.refused(_("Choose one of the list."))
    return places


def _state(one: ContactImport, error: AppError | None = None) -> dict[str, object]:
    rows = [row for _line, row in tables.lines_of(one.content, one.separator)[: _SAMPLES + 1]]
    names = [name or _("Column %(number)s", number=place + 1) for place, name in enumerate(rows[0])]
    return {
        "one": one,
        "error": error,
        "fields": _fields(),
        "names": names,
        "samples": [row[: len(names)] for row in rows[1:]],
        "problems": queries.problems(one.id, limit=_SHOWN),
        "words": PROBLEMS,
    }


def _back_to(one: ContactImport) -> Response:
    return move(url_for("contact_imports.show", contact_import_id=one.id))
