"""What the clock does for privacy: files that are over go, and rules of retention are begun."""

from __future__ import annotations

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.events import emit
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.privacy import queries
from chatapp.privacy.events import RetentionDue
from chatapp.privacy.services import deletions

_BATCH = 100


def drop_old_exports() -> None:
    with unit_of_work(), across_tenants(reason="files of people's data that are over"):
        for export in queries.expired_exports(now(), limit=_BATCH):
            db.session.delete(export)


def purge_deleted() -> None:
    """Conversations that were deleted a while ago: each in a unit of work of its own."""
    with unit_of_work(), across_tenants(reason="conversations that nobody wants back"):
        due = deletions.due_to_purge(_BATCH)
    for workspace_id, conversation_id in due:
        with unit_of_work(workspace_id):
            deletions.purge(conversation_id)


def begin_retention() -> None:
    """The worker does it, batch by batch; a workspace that is still at its last run does nothing twice."""
    with unit_of_work():
        waiting = queries.workspaces_with_rules()
    for workspace_id in waiting:
        with unit_of_work(workspace_id):
            emit(RetentionDue(workspace_id=workspace_id))
