"""Reads about schedules."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.hours.models import Hours


def schedules() -> Sequence[Hours]:
    """Those of the current workspace: the default first, the others by name."""
    return db.session.scalars(select(Hours).order_by(Hours.is_default.desc(), Hours.name, Hours.id)).all()


def schedule(hours_id: UUID) -> Hours:
    """One of the current workspace. Raises `AppError` 404."""
    found = db.session.scalar(select(Hours).where(Hours.id == hours_id))
    if found is None:
        raise not_found()
    return found


def schedule_or_default(hours_id: UUID | None) -> Hours | None:
    """The chosen one, else the workspace's default, else None: nobody has said when anybody is there."""
    wanted = Hours.is_default if hours_id is None else Hours.id == hours_id
    return db.session.scalar(select(Hours).where(wanted))


def default_schedule() -> Hours | None:
    return schedule_or_default(None)
