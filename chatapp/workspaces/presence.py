"""Who is there: written down by those who hold the sockets, and chosen by hand.

Postgres keeps it, so that every process knows, and so that it ends by itself when a process is killed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_, update

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.events import emit
from chatapp.workspaces.events import PresenceChanged
from chatapp.workspaces.models import Membership

_FRESH_ENOUGH = timedelta(seconds=15)

Owner = tuple[UUID, UUID]
"""A workspace and a user in it."""


def note(owners: Collection[Owner], *, active: Collection[Owner]) -> None:
    """Their sockets are open, and some of their tabs in use: one statement for each. Needs `across_tenants`.

    Rows that somebody else is writing are passed over: the next beat comes before what they hold is too old.
    """
    moment = now()
    for held, column in ((owners, Membership.seen_at), (active, Membership.active_at)):
        if held:
            written = update(Membership).where(_free(held)).values({column: moment})
            db.session.execute(written, execution_options={"synchronize_session": False})


def arrive(member: Membership) -> None:
    """A tab of theirs was opened, or is used again."""
    moment = now()
    before = member.presence(moment)
    if before == "online" and member.active_at and moment - member.active_at < _FRESH_ENOUGH:
        return
    member.seen_at = member.active_at = moment
    _tell(member, before)


def choose(member: Membership, *, availability: str) -> None:
    """Be away, be online, or be what one's tabs tell."""
    before = member.presence(now())
    member.availability = availability
    _tell(member, before)


def _tell(member: Membership, before: str) -> None:
    presence = member.presence(now())
    if presence != before:
        emit(
            PresenceChanged(
                workspace_id=member.workspace_id,
                user_id=member.user_id,
                presence=presence,
                actor=f"agent:{member.user_id}",
            )
        )


def _free(owners: Collection[Owner]) -> ColumnElement[bool]:
    key = tuple_(Membership.workspace_id, Membership.user_id)
    free = select(Membership.workspace_id, Membership.user_id).where(key.in_(list(owners)))
    return key.in_(free.with_for_update(key_share=True, skip_locked=True))
