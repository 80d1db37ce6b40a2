"""Close a workspace, keep it after all, remind its owners, and delete it for good."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from chatapp.auth.models import User
from chatapp.closures.models import PurgedWorkspace
from chatapp.common import audit, postbox, purging
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.common.i18n import speaking
from chatapp.common.tenancy import current_workspace_id
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.events import WorkspaceClosed
from chatapp.workspaces.models import Workspace

GRACE = timedelta(days=30)
BATCH = 1_000


def close(workspace: Workspace, *, name: str, by: User) -> None:
    """Shut it for everybody at once; it is deleted after `GRACE`. Raises `AppError` 422 unless its name was typed."""
    workspace = workspaces.lock_workspace(workspace.id)
    if name != workspace.name:
        wrong = _("This is not the name of the workspace.")
        raise AppError(422, wrong, fields={"name": wrong})
    if workspace.is_closed:
        return
    workspace.closed_at = now()
    workspace.purge_at = workspace.closed_at + GRACE
    audit.record("workspace.closed", by=by, target_id=workspace.id, target_name=workspace.name)
    emit(WorkspaceClosed(workspace_id=workspace.id, actor=f"agent:{by.id}"))
    _write_to_owners("workspace_closed", workspace, person=by.name)


def keep(workspace: Workspace, *, by: User) -> None:
    """Open it again, as it was. Raises `AppError` 409 once the deletion has begun."""
    workspace = workspaces.lock_workspace(workspace.id)
    if workspace.purge_at is None:
        return
    if workspace.purge_at <= now():
        raise AppError(409, _("It is too late: this workspace is being deleted."))
    audit.record("workspace.kept", by=by, target_id=workspace.id, target_name=workspace.name)
    workspace.closed_at = workspace.purge_at = workspace.reminded_at = None


def remind() -> None:
    """Write to the owners of the current workspace that its time is nearly over; once."""
    workspace = workspaces.lock_workspace(current_workspace_id())
    if workspace.purge_at is not None and workspace.reminded_at is None:
        workspace.reminded_at = now()
        _write_to_owners("workspace_purge_near", workspace)


def purge_some() -> bool:
    """Delete up to `BATCH` rows of the current workspace, or at last the workspace itself; whether something is left.

    Each call is a transaction of its own, so whatever ends the process in between, the next one goes on from there.
    """
    workspace = workspaces.lock_workspace(current_workspace_id())
    if workspace.purge_at is None or workspace.closed_at is None or workspace.purge_at > now():
        return False
    if purging.delete_some(BATCH):
        return True
    db.session.add(
        PurgedWorkspace(
            id=workspace.id,
            created_at=workspace.created_at,
            slug=workspace.slug,
            name=workspace.name,
            closed_at=workspace.closed_at,
            purged_at=now(),
        )
    )
    db.session.delete(workspace)
    return False


def _write_to_owners(kind: str, workspace: Workspace, **facts: str) -> None:
    link = postbox.link("dashboard.home", slug=workspace.slug)
    for owner in workspaces.owners():
        locale = owner.user.locale or workspace.locale
        with speaking(locale):
            date = format_date(workspace.purge_at)
        postbox.post(
            kind,
            to=owner.user.email,
            locale=locale,
            name=owner.user.name,
            workspace=workspace.name,
            date=date,
            link=link,
            **facts,
        )
