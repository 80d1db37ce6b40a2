"""Give a workspace another plan."""

from __future__ import annotations

from chatapp.auth.models import User
from chatapp.common import audit
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.plans import queries
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Workspace


def change(workspace: Workspace, *, name: str, seats: int | None, projects: int | None, by: User) -> dict[str, object]:
    """Of the current workspace. Nobody is removed and nothing deleted: a limit only refuses what comes after.

    Returns what changed, as the log tells it.
    """
    workspaces.lock_workspace(workspace.id)
    plan = queries.plan(workspace.id)
    changes: dict[str, tuple[object, object]] = {
        "plan": (plan.name, name),
        "seats": (plan.seats, seats),
        "projects": (plan.projects, projects),
    }
    plan.name, plan.seats, plan.projects, plan.changed_at = name, seats, projects, now()
    db.session.add(plan)
    db.session.flush()
    audit.record("plan.changed", by=by, target_id=workspace.id, target_name=workspace.name, changes=changes)
    return {field: f"{_told(old)} → {_told(new)}" for field, (old, new) in changes.items() if old != new}


def _told(value: object) -> str:
    return "∞" if value is None else str(value)
