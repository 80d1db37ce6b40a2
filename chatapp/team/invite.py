"""Inviting a list of addresses: what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from chatapp.common import limits
from chatapp.common.permissions import ROLES
from chatapp.invitations import queries as invitation_queries
from chatapp.invitations import services as invitations
from chatapp.invitations.services import Issued
from chatapp.plans import queries as plans
from chatapp.workspaces import queries
from chatapp.workspaces.models import AnyRole, Membership, rights_of


@dataclass
class Outcome:
    """What became of a list of addresses. The links of `issued` are known only now: the page shows them this once."""

    issued: list[Issued] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)


def roles_to_give(by: Membership) -> list[AnyRole]:
    """What they may make others: no owner, and nothing that can do or see more than they can themselves."""
    every: list[AnyRole] = [*ROLES, *queries.roles()]
    return [role for role in every if role != "owner" and by.rights.cover(rights_of(role))]


def invite_all(addresses: Iterable[str], *, role: AnyRole, by: Membership) -> Outcome:
    """Invite everybody who is neither here nor invited yet. Raises `AppError` 402 when the plan has not as many seats,
    and 429; then nobody was invited."""
    outcome = Outcome()
    plan = plans.held_plan(by.workspace_id)
    here = {member.user.email.lower() for member in queries.members()}
    waiting = {invitation.email for invitation in invitation_queries.pending() if not invitation.is_expired}
    addresses = list(addresses)
    plan.demand_seats(len({*addresses} - here - waiting), taken=len(here | waiting))
    for address in addresses:
        if address in here:
            outcome.members.append(address)
            continue
        limits.hit(limits.INVITATIONS, "invitations", str(by.workspace_id))
        issued = invitations.invite(address, role=role, by=by)
        if issued is None:
            outcome.waiting.append(address)
        else:
            outcome.issued.append(issued)
    return outcome
