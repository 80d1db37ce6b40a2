"""Files that are to go: those whose row was deleted, however that came about, and those that never got one.

A trigger of each table that names files notes them here when a row goes. Whoever writes a file expects it first: if
the process dies before its row is there, it is due an hour later.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common import storage
from chatapp.common.clock import now
from chatapp.common.db import Base, db

log = structlog.get_logger()

_PATIENCE = timedelta(hours=1)


class DiscardedFile(Base):
    """A file that goes when it is due. Belongs to no workspace: it may have outlived its own."""

    __tablename__ = "discarded_file"
    __table_args__ = (Index("ix_discarded_file_due_at", "due_at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]


def expect(keys: Collection[str]) -> None:
    """These are about to be written. Commit before they are."""
    due_at = now() + _PATIENCE
    db.session.add_all(DiscardedFile(key=key, due_at=due_at) for key in keys)


def keep(keys: Collection[str]) -> None:
    """These have their row now, in the same transaction."""
    db.session.execute(delete(DiscardedFile).where(DiscardedFile.key.in_(keys)))


def sweep(limit: int) -> int:
    """Delete what is due; how many it were. What cannot be deleted now is tried again the next time."""
    due = db.session.scalars(
        select(DiscardedFile)
        .where(DiscardedFile.due_at <= now())
        .order_by(DiscardedFile.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for file in due:
        try:
            storage.current().delete(file.key)
        except storage.StorageAwayError as error:
            log.warning("storage.not_deleted", error=str(error))
            file.due_at = now() + _PATIENCE
        else:
            db.session.delete(file)
    return len(due)
