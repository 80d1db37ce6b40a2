"""What the clock does for notifications: lines that are old go."""

from __future__ import annotations

from chatapp.common.clock import now
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.notifications import services

_BATCH = 1_000


def forget_old() -> None:
    with unit_of_work(), across_tenants(reason="lines of any workspace that are old"):
        services.forget_old(now(), _BATCH)
