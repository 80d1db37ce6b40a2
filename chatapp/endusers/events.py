"""What happens to the people who write."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class VisitorLoggedOut(Event):
    """A browser no longer speaks for this contact."""

    end_user_id: UUID
