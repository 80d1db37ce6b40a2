"""Keyset pages: the cursor is the sort key of the last row, so deep pages cost what the first one does."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from flask_babel import gettext as _

from chatapp.common.errors import AppError

Row = TypeVar("Row")


@dataclass(frozen=True)
class Cursor:
    """A place in a list sorted by time and key."""

    moment: datetime
    id: UUID

    def encode(self) -> str:
        raw = json.dumps([self.moment.isoformat(), str(self.id)]).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Read what `encode` wrote. Raises `AppError` 400 for anything else."""
        try:
            moment, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            cursor = cls(datetime.fromisoformat(moment), UUID(key))
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise AppError(400, _("This page address is incomplete. Go back to the start of the list.")) from None
        if cursor.moment.tzinfo is None:
            raise AppError(400, _("This page address is incomplete. Go back to the start of the list."))
        return cursor


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the cursor of the next page if there is one."""

    rows: Sequence[Row]
    next_cursor: str | None


def cut(rows: Sequence[Row], limit: int, cursor: Callable[[Row], Cursor]) -> Page[Row]:
    """Make a page from a query that was asked for one row more than the page holds."""
    kept = rows[:limit]
    return Page(kept, cursor(kept[-1]).encode() if len(rows) > limit else None)
