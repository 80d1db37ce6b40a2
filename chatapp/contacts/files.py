"""The page of the CSV export: it is asked for, shows how far it is, and can be downloaded for a day."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from chatapp.common.errors import AppError, not_found
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.contacts import permissions, queries
from chatapp.contacts.services import exports
from chatapp.saved_views import permissions as saved_view_permissions
from chatapp.saved_views import queries as saved_views
from chatapp.saved_views.models import SavedView
from chatapp.workspaces.door import current_membership, current_workspace, demand

bp = Blueprint("contact_files", __name__)


@bp.get("/contacts/export")
@requires(permissions.EXPORT)
def export_page() -> Response:
    """`?segment=`: only the contacts of that one."""
    demand_everybody()
    segment = chosen_segment()
    count = queries.count(segment.group if segment else None)
    export = queries.latest_export(segment)
    return make_response(render_template("contacts/export.html", export=export, count=count, segment=segment))


@bp.post("/contacts/exports")
@requires(permissions.EXPORT)
def ask_for_export() -> Response:
    demand_everybody()
    segment = chosen_segment()
    exports.ask(by=current_membership(), segment=segment)
    return move(url_for("contact_files.export_page", segment=segment.id if segment else None))


@bp.get("/contacts/exports/<uuid:contact_export_id>")
@requires(permissions.EXPORT)
def export(contact_export_id: UUID) -> Response:
    """How far it is; asked for every second while it is made."""
    return make_response(render_template("contacts/_export.html", export=queries.export(contact_export_id)))


@bp.get("/contacts/exports/<uuid:contact_export_id>/file")
@requires(permissions.EXPORT)
def download(contact_export_id: UUID) -> Response:
    demand_everybody()
    found = queries.export(contact_export_id)
    if found.state != "ready":
        raise AppError(409, _("The file is still being made. Wait a moment."))
    exports.note_download(found, by=current_membership())
    response = Response(exports.text_of(found), mimetype="text/csv")
    name = f"contacts-{current_workspace().slug}-{found.created_at:%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def chosen_segment() -> SavedView | None:
    """The one that the request names; None for everybody. Raises `AppError` 404."""
    named = request.values.get("segment")
    if not named:
        return None
    demand(saved_view_permissions.VIEW)
    try:
        return saved_views.segment(UUID(named), seen_by=current_membership())
    except ValueError:
        raise not_found() from None


def demand_everybody() -> None:
    """Raises `AppError` 403 for who meets only the people of some conversations."""
    if not queries.meets_everybody():
        raise AppError(403, _("Your role sees only some conversations, so it cannot export or import contacts."))
