"""What happens to saved views."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class SavedViewsChanged(Event):
    """A view is new, is another one now, or is gone."""

    saved_view_id: UUID
