"""What the filter above the audit log may ask for."""

from __future__ import annotations

from uuid import UUID

from flask import request

from chatapp.audit.queries import Filter
from chatapp.common.audit import ACTIONS

PERIODS = (7, 30, 90, 365)


def chosen_filter() -> Filter:
    """The filter that the address names; what it does not know it takes for “all”."""
    days = request.args.get("days", "")
    action = request.args.get("action")
    return Filter(
        actor_id=_uuid(request.args.get("person", "")),
        action=action if action in ACTIONS else None,
        days=int(days) if days in {str(period) for period in PERIODS} else None,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
