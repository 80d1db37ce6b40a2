"""The audit log: a page with a filter, and the same as CSV."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from chatapp.audit import permissions, queries
from chatapp.audit.forms import PERIODS, chosen_filter
from chatapp.audit.words import field_words, value_words
from chatapp.common.audit import ACTIONS, AuditEntry
from chatapp.common.clock import rfc3339
from chatapp.common.permissions import requires
from chatapp.common.spreadsheet import as_csv
from chatapp.workspaces.door import current_workspace

bp = Blueprint("audit", __name__)


@bp.get("/settings/audit")
@requires(permissions.VIEW)
def index() -> Response:
    wanted = chosen_filter()
    page = queries.page(wanted, cursor=request.args.get("cursor"))
    return make_response(
        render_template(
            "audit/index.html",
            page=page,
            wanted=wanted,
            actors=queries.actors(),
            actions=ACTIONS,
            field_words=field_words,
            value_words=value_words,
            periods=PERIODS,
            is_first=not request.args.get("cursor"),
        )
    )


@bp.get("/settings/audit.csv")
@requires(permissions.VIEW)
def export() -> Response:
    head = [_("Time"), _("Person"), _("Action"), _("On what"), _("Changes"), _("IP address")]
    response = make_response(as_csv(head, [_cells(entry) for entry in queries.entries(chosen_filter())]))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{current_workspace().slug}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _cells(entry: AuditEntry) -> list[str]:
    changes = "; ".join(
        f"{field_words(field)}: {value_words(before)} → {value_words(after)}"
        for field, (before, after) in entry.changes.items()
    )
    action = str(ACTIONS.get(entry.action, entry.action))
    who = entry.actor_name
    if entry.operator_name:
        who = _("%(operator)s as %(person)s", operator=entry.operator_name, person=who)
    return [rfc3339(entry.created_at), who, action, entry.target_name, changes, entry.ip or ""]
