"""Time: always aware, always UTC inside; zones are for showing."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current moment in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """A moment as the API writes it: `2026-11-22T10:15:30.123456Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
