"""Shut a workspace, open it again, give it another plan."""

from __future__ import annotations

from chatapp.auth.models import User
from chatapp.backoffice.services import log
from chatapp.common import tenancy
from chatapp.plans import services as plans
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Workspace


def suspend(workspace: Workspace, *, reason: str, by: User) -> None:
    """Raises `AppError` 409 when it is shut already."""
    workspaces.suspend(workspace, reason=reason, by=by)
    log.record("workspace.suspended", by=by, target_id=workspace.id, target_name=workspace.name, reason=reason)


def restore(workspace: Workspace, *, by: User) -> None:
    """Raises `AppError` 409 when it is open."""
    workspaces.restore(workspace, by=by)
    log.record("workspace.restored", by=by, target_id=workspace.id, target_name=workspace.name)


def change_plan(workspace: Workspace, *, name: str, seats: int | None, projects: int | None, by: User) -> None:
    tenancy.enter(workspace.id)
    changes = plans.change(workspace, name=name, seats=seats, projects=projects, by=by)
    if changes:
        log.record("plan.changed", by=by, target_id=workspace.id, target_name=workspace.name, **changes)
