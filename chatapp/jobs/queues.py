"""The clock's part in handing out: what no event told, such as a presence that was noticed late."""

from __future__ import annotations

from chatapp.assignment import queries, services
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work

_ROUNDS = 20


def sweep() -> None:
    """Hand out wherever something waits and somebody could take it."""
    with unit_of_work(), across_tenants(reason="find queues that somebody could take from"):
        found = queries.teams_that_could_hand_out()
    for workspace_id, team_id in found:
        for _round in range(_ROUNDS):
            with unit_of_work(workspace_id):
                given = services.hand_out(team_id)
            if given < services.BATCH:
                break
