"""Reads about the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from chatapp.common.audit import AuditEntry
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.pagination import Cursor, Page, cut

PAGE_SIZE = 50
EXPORT_LIMIT = 50_000


@dataclass(frozen=True)
class Filter:
    """Which entries are wanted; None means all. `days` counts back from now."""

    actor_id: UUID | None = None
    action: str | None = None
    days: int | None = None


def page(wanted: Filter, *, cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[AuditEntry]:
    """A page of the current workspace's log, latest first."""
    statement = _matching(wanted).limit(limit + 1)
    if cursor:
        place = Cursor.decode(cursor)
        statement = statement.where(tuple_(AuditEntry.created_at, AuditEntry.id) < tuple_(place.moment, place.id))
    rows: Sequence[AuditEntry] = db.session.scalars(statement).all()
    return cut(rows, limit, lambda row: Cursor(row.created_at, row.id))


def entries(wanted: Filter) -> Sequence[AuditEntry]:
    """The latest `EXPORT_LIMIT` entries, latest first."""
    return db.session.scalars(_matching(wanted).limit(EXPORT_LIMIT)).all()


def actors() -> Sequence[tuple[UUID, str]]:
    """Everybody who did something, under the name they had last, by name: those who have left included."""
    latest = (
        select(AuditEntry.actor_id, AuditEntry.actor_name)
        .where(AuditEntry.actor_id.is_not(None))
        .ext(distinct_on(AuditEntry.actor_id))
        .order_by(AuditEntry.actor_id, AuditEntry.created_at.desc())
    )
    found = [(actor_id, name) for actor_id, name in db.session.execute(latest) if actor_id]
    return sorted(found, key=lambda actor: actor[1].casefold())


def _matching(wanted: Filter) -> Select[Any]:
    statement = select(AuditEntry).order_by(AuditEntry.created_at.desc(), AuditEntry.id.desc())
    if wanted.actor_id is not None:
        statement = statement.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.action is not None:
        statement = statement.where(AuditEntry.action == wanted.action)
    if wanted.days is not None:
        statement = statement.where(AuditEntry.created_at > now() - timedelta(days=wanted.days))
    return statement
