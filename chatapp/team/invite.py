"""Inviting a list of addresses: what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from chatapp.common import limits
from chatapp.invitations import services as invitations
from chatapp.invitations.services import Issued
from chatapp.workspaces import queries
from chatapp.workspaces.models import Membership


@dataclass
class Outcome:
    """What became of a list of addresses. The links of `issued` are known only now: the page shows them this once."""

    issued: list[Issued] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)


def invite_all(addresses: Iterable[str], *, role: str, by: Membership) -> Outcome:
    """Invite everybody who is neither here nor invited yet. Raises `AppError` 429, and then nobody was invited."""
    outcome = Outcome()
    here = {member.user.email.lower() for member in queries.members()}
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
