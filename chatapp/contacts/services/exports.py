"""All contacts as CSV, or those of a segment: the worker makes it part by part, each a transaction, and a download
reads the parts."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chatapp.attributes import queries as attributes
from chatapp.attributes import values
from chatapp.common import audit, conditions
from chatapp.common.clock import now, rfc3339
from chatapp.common.db import db
from chatapp.common.events import emit
from chatapp.common.spreadsheet import BYTE_ORDER_MARK, as_lines
from chatapp.contacts import queries
from chatapp.contacts.events import ContactExportRequested
from chatapp.endusers.models import ContactExport, ContactExportPart, EndUser
from chatapp.saved_views.models import SavedView
from chatapp.workspaces.models import Membership
from chatapp.workspaces.services import tell_finished

LIFE = timedelta(hours=24)
STEP = 1_000
HEAD = ("name", "email", "phone", "company", "language", "first_seen", "last_seen", "messages", "blocked", "id")


def ask(*, by: Membership, segment: SavedView | None = None) -> ContactExport:
    """Have a file of everybody made, or of a segment; while one is being made, it is that one."""
    latest = queries.latest_export(segment)
    if latest is not None and latest.state == "pending":
        return latest
    total = queries.count(segment.group if segment else None)
    export = ContactExport(requested_by=by.user.name, state="pending", total=total, expires_at=now() + LIFE)
    if segment is not None:
        export.saved_view_id, export.conditions = segment.id, segment.conditions
    export.columns = [{"place": each.place, "name": each.name} for each in attributes.attributes("contacts")]
    db.session.add(export)
    db.session.flush()
    audit.record("contacts.exported", by=by.user, target_id=export.id, changes={"people": (None, total)})
    _go_on(export, f"agent:{by.user_id}")
    return export


def carry_on(export_id: UUID, *, actor: str = "system") -> None:
    """In the worker: the next part, and the one after it when that is written. `actor`: who asked for it."""
    export = queries.growing_export(export_id)
    if export is None:
        return
    wanted = conditions.read(export.conditions) if export.conditions else None
    rows = queries.everybody_after(export.last_id, group=wanted, limit=STEP)
    db.session.add(
        ContactExportPart(export_id=export.id, number=export.done, text=as_lines(_cells(row, export) for row in rows))
    )
    export.done += len(rows)
    if len(rows) < STEP:
        export.state, export.total, export.expires_at = "ready", export.done, now() + LIFE
        tell_finished("export", export.id, expires_at=export.expires_at, actor=actor)
    else:
        export.last_id = rows[-1].id
        _go_on(export, actor)
    db.session.flush()


def text_of(export: ContactExport) -> str:
    """The whole file."""
    return (
        BYTE_ORDER_MARK
        + as_lines([[*HEAD, *(column["name"] for column in export.columns)]])
        + "".join(queries.parts(export.id))
    )


def note_download(export: ContactExport, *, by: Membership) -> None:
    audit.record("contacts.export_downloaded", by=by.user, target_id=export.id)


def _go_on(export: ContactExport, actor: str) -> None:
    emit(ContactExportRequested(workspace_id=export.workspace_id, export_id=export.id, actor=actor))


def _cells(row: EndUser, export: ContactExport) -> list[str]:
    return [
        row.name or "",
        row.email or "",
        row.phone or "",
        row.company or "",
        row.locale or "",
        rfc3339(row.created_at),
        rfc3339(row.last_seen_at) if row.last_seen_at else "",
        str(row.message_count),
        rfc3339(row.blocked_at) if row.blocked_at else "",
        str(row.id),
        *(values.cell(row.attributes.get(column["place"])) for column in export.columns),
    ]
