"""What the search of the inbox may ask for, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import EllipsisType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _

from chatapp.common.errors import AppError, not_found
from chatapp.conversations.models import STATUSES
from chatapp.projects import queries as projects
from chatapp.search.models import AUTHORS
from chatapp.search.queries import Wanted
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.door import current_membership, current_workspace

FIELDS = ("status", "assignee", "project", "author", "from", "to")
MOST = 200
LEAST = 2


@dataclass(frozen=True)
class Asked:
    """The words as they were typed, and what each filter was set to; "" for not at all."""

    words: str
    filters: Mapping[str, str]

    @property
    def is_enough(self) -> bool:
        """Whether there is anything to look for."""
        return sum(letter.isalnum() for letter in self.words) >= LEAST

    @property
    def is_filtered(self) -> bool:
        return any(self.filters.values())

    @property
    def query(self) -> dict[str, str]:
        """The same as parameters of an address."""
        return {name: value for name, value in {"q": self.words, **self.filters}.items() if value}


def asked() -> Asked:
    """What the current request asks for."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:MOST]
    return Asked(words, {name: request.args.get(name, "") for name in FIELDS})


def wanted(asked: Asked) -> Wanted:
    """The same for `search.queries`. Raises `AppError` 404 for a foreign id, 400 for what cannot be read."""
    filters = asked.filters
    author = filters["author"]
    return Wanted(
        words=asked.words,
        status=_status(filters["status"]),
        assignee_id=_assignee(filters["assignee"]),
        project_id=projects.project(_uuid(filters["project"])).id if filters["project"] else None,
        author=author if author in AUTHORS else None,
        agent_id=_member(author) if author and author not in AUTHORS else None,
        since=_midnight(filters["from"]),
        until=_midnight(filters["to"], days=1),
    )


def _status(value: str) -> str | None:
    if value and value not in STATUSES:
        raise _unreadable()
    return value or None


def _assignee(value: str) -> UUID | EllipsisType | None:
    if value == "me":
        return current_membership().user_id
    return (None if value == "none" else _member(value)) if value else ...


def _member(value: str) -> UUID:
    return workspaces.member(_uuid(value)).user_id


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise not_found() from None


def _midnight(value: str, *, days: int = 0) -> datetime | None:
    """The beginning of a day, or of the one so many days later, by the workspace's clock."""
    if not value:
        return None
    try:
        day = date.fromisoformat(value) + timedelta(days=days)
        return datetime.combine(day, time(), ZoneInfo(current_workspace().time_zone))
    except (ValueError, OverflowError):
        raise _unreadable() from None


def _unreadable() -> AppError:
    return AppError(400, _("This filter could not be read. Choose it again."))


def choices() -> dict[str, Any]:
    """What the filters offer."""
    return {"members": workspaces.team(), "projects": projects.projects()}
