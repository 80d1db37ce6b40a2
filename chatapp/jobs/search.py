"""What the clock does for search: the words of what has been written meanwhile."""

from __future__ import annotations

from datetime import timedelta

from chatapp.common.clock import now
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.search import services

_BATCHES = 3
_LOOKS_BACK = timedelta(days=1)


def look_through() -> None:
    """A few batches, so that the clock's other work never waits long; the rest at the next tick."""
    for _batch in range(_BATCHES):
        with unit_of_work(), across_tenants(reason="new messages of every workspace become findable"):
            if services.look_through() < services.BATCH:
                return


def look_back() -> None:
    """What a slow transaction left behind the newest words. There is hardly ever any."""
    with unit_of_work(), across_tenants(reason="late messages of every workspace become findable"):
        services.look_back(since=now() - _LOOKS_BACK)
