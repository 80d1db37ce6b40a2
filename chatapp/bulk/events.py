"""What happens to many conversations at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class BulkRunDue(Event):
    """The next conversations of a run wait for the worker, from this place on."""

    run_id: UUID
    place: int
