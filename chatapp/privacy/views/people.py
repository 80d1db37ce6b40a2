"""One person: what is kept of them, their data as a file, and their erasure."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _

from chatapp.attachments import queries as attachments
from chatapp.auth.step_up import requires_fresh_proof
from chatapp.common import storage
from chatapp.common.errors import AppError
from chatapp.common.htmx import move
from chatapp.common.permissions import requires
from chatapp.privacy import archives, permissions, queries
from chatapp.privacy.services import erasures, exports
from chatapp.privacy.views.blueprint import bp
from chatapp.workspaces.door import current_membership


@bp.get("/privacy/people/<uuid:end_user_id>")
@requires(permissions.MANAGE)
def person(end_user_id: UUID) -> Response:
    _demand_sight()
    found = queries.person(end_user_id)
    waiting = queries.pending_erasure(found.id)
    if waiting is not None:
        return move(url_for("privacy.receipt", erasure_id=waiting.id))
    page = render_template(
        "privacy/person.html",
        person=found,
        held=queries.holdings(found.id),
        export=queries.latest_export(found.id),
    )
    return make_response(page)


def _demand_sight() -> None:
    """A person's data is all of it: whoever sees only some conversations has no part in it. Raises `AppError` 403."""
    if current_membership().rights.visibility != "all":
        raise AppError(403, _("Your role sees only some conversations, so it cannot export or erase people."))


@bp.post("/privacy/people/<uuid:end_user_id>/export")
@requires(permissions.MANAGE)
@requires_fresh_proof
def ask_for_export(end_user_id: UUID) -> Response:
    _demand_sight()
    exports.ask(queries.person(end_user_id), by=current_membership())
    return move(url_for("privacy.person", end_user_id=end_user_id))


@bp.get("/privacy/exports/<uuid:export_id>")
@requires(permissions.MANAGE)
def export(export_id: UUID) -> Response:
    """How far it is; asked for every second while it is made."""
    return make_response(render_template("privacy/_export.html", export=queries.export(export_id)))


@bp.get("/privacy/exports/<uuid:export_id>/file")
@requires(permissions.MANAGE)
@requires_fresh_proof
def download(export_id: UUID) -> Response:
    _demand_sight()
    found = queries.export(export_id, with_content=True)
    if found.content is None:
        raise AppError(409, _("The file is still being made. Wait a moment."))
    exports.note_download(found, by=current_membership())
    files = attachments.of_conversations(queries.conversation_ids(found.end_user_id))
    archive = archives.with_files(found.content, files, storage.current())
    response = Response(archive, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="person-{found.end_user_id.hex[-8:]}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/privacy/people/<uuid:end_user_id>/erasure")
@requires(permissions.MANAGE)
@requires_fresh_proof
def erase(end_user_id: UUID) -> Response:
    _demand_sight()
    asked = erasures.ask(queries.person(end_user_id), by=current_membership())
    return move(url_for("privacy.receipt", erasure_id=asked.id))
