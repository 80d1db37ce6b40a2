"""What the clock does for contacts: files that are over go."""

from __future__ import annotations

from chatapp.common.clock import now
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.endusers import services


def drop_old_files() -> None:
    with unit_of_work(), across_tenants(reason="files of contacts that are over"):
        services.drop_files(over_at=now())
