"""Which closed workspaces it is time for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.workspaces.models import Workspace

REMIND_BEFORE = timedelta(days=3)


def due_to_remind() -> Sequence[UUID]:
    """Those whose owners are to be told once more."""
    return db.session.scalars(
        select(Workspace.id).where(Workspace.purge_at <= now() + REMIND_BEFORE, Workspace.reminded_at.is_(None))
    ).all()


def due_to_purge() -> UUID | None:
    """The one whose time was over first."""
    return db.session.scalar(
        select(Workspace.id).where(Workspace.purge_at <= now()).order_by(Workspace.purge_at, Workspace.id).limit(1)
    )
