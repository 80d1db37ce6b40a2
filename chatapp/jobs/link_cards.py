"""The clock's part in cards: what was looked up and is over goes."""

from __future__ import annotations

from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.link_cards import services

_BATCH = 500


def forget_over() -> None:
    with unit_of_work(), across_tenants(reason="cards of any workspace that are over"):
        services.forget_over(_BATCH)
