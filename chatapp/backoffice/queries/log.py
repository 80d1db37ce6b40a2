"""Reads about the log of the installation."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, tuple_

from chatapp.backoffice.models import InstallationEntry
from chatapp.common.db import db
from chatapp.common.pagination import Cursor, Page, cut

PAGE_SIZE = 50
LATEST = 10


def page(*, cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[InstallationEntry]:
    """A page, latest first."""
    statement = (
        select(InstallationEntry)
        .order_by(InstallationEntry.created_at.desc(), InstallationEntry.id.desc())
        .limit(limit + 1)
    )
    if cursor:
        place = Cursor.decode(cursor)
        key = tuple_(InstallationEntry.created_at, InstallationEntry.id)
        statement = statement.where(key < tuple_(place.moment, place.id))
    return cut(db.session.scalars(statement).all(), limit, lambda row: Cursor(row.created_at, row.id))


def about(target_id: UUID) -> Sequence[InstallationEntry]:
    """The latest that concern one workspace or account."""
    return db.session.scalars(
        select(InstallationEntry)
        .where(InstallationEntry.target_id == target_id)
        .order_by(InstallationEntry.created_at.desc(), InstallationEntry.id.desc())
        .limit(LATEST)
    ).all()
