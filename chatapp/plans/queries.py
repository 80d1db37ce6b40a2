"""Reads about plans."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from chatapp.common.db import db
from chatapp.plans.models import WorkspacePlan
from chatapp.workspaces import queries as workspaces


def plan(workspace_id: UUID) -> WorkspacePlan:
    """The plan of the current workspace; the local one, which limits nothing, when nobody gave it any."""
    found = db.session.scalar(
        select(WorkspacePlan)
        .where(WorkspacePlan.workspace_id == workspace_id)
        .execution_options(populate_existing=True)
    )
    return found or WorkspacePlan(workspace_id=workspace_id, name="local")


def held_plan(workspace_id: UUID) -> WorkspacePlan:
    """The plan, and nobody else adds to what it limits until the transaction ends: count after this, not before."""
    if plan(workspace_id).has_limits:
        workspaces.lock_workspace(workspace_id)
    return plan(workspace_id)


def names_of(workspace_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those plans that somebody gave. Needs `across_tenants`."""
    statement = select(WorkspacePlan.workspace_id, WorkspacePlan.name)
    rows = db.session.execute(statement.where(WorkspacePlan.workspace_id.in_(workspace_ids)))
    return {row[0]: row[1] for row in rows}
