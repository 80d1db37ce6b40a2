"""Keyset pages: the cursor is the sort key of the last row, so deep pages cost what the first one does."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from flask_babel import gettext as _

from chatapp.common.errors import AppError

Row = TypeVar("Row")


@dataclass(frozen=True)
class Cursor:
    """A place in a list sorted by time and key; where a list has several stretches, in one of them."""

    moment: datetime
    id: UUID
    stretch: int = 0

    def encode(self) -> str:
        return _packed([self.moment.isoformat(), str(self.id), *([self.stretch] if self.stretch else [])])

    @property
    def key(self) -> tuple[datetime, UUID]:
        return self.moment, self.id

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Read what `encode` wrote. Raises `AppError` 400 for anything else."""
        try:
            moment, key, *stretch = _unpacked(text)
            cursor = cls(datetime.fromisoformat(moment), UUID(key), *(int(number) for number in stretch))
        except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
            raise incomplete_address() from None
        if cursor.moment.tzinfo is None:
            raise incomplete_address()
        return cursor


@dataclass(frozen=True)
class TextCursor:
    """A place in a list sorted by a text and key."""

    text: str
    id: UUID

    @property
    def key(self) -> tuple[str, UUID]:
        return self.text, self.id

    def encode(self) -> str:
        return _packed([self.text, str(self.id)])

    @classmethod
    def decode(cls, text: str) -> TextCursor:
        """Read what `encode` wrote. Raises `AppError` 400 for anything else."""
        try:
            value, key = _unpacked(text)
            if not isinstance(value, str) or "\x00" in value:
                raise incomplete_address()
            return cls(value, UUID(key))
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise incomplete_address() from None


def _packed(parts: list[str | int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _unpacked(text: str) -> list[Any]:
    found: list[Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def incomplete_address() -> AppError:
    """For a cursor that no page has given out."""
    return AppError(400, _("This page address is incomplete. Go back to the start of the list."))


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the cursor of the next page if there is one."""

    rows: Sequence[Row]
    next_cursor: str | None


def cut(rows: Sequence[Row], limit: int, cursor: Callable[[Row], Cursor | TextCursor]) -> Page[Row]:
    """Make a page from a query that was asked for one row more than the page holds."""
    kept = rows[:limit]
    return Page(kept, cursor(kept[-1]).encode() if len(rows) > limit else None)
