"""What happens after a batch of a run."""

from __future__ import annotations

from chatapp.bulk import services
from chatapp.bulk.events import BulkRunDue


def carry_on(event: BulkRunDue) -> None:
    services.carry_on(event.run_id, place=event.place)
