"""Reads about contacts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.endusers.models import EndUser, VisitorSession


def end_user(end_user_id: UUID, *, lock: bool = False) -> EndUser | None:
    """A contact of the current workspace; locked until the transaction ends if asked."""
    statement = select(EndUser).where(EndUser.id == end_user_id)
    return db.session.scalar(statement.with_for_update() if lock else statement)


def holds(end_user_id: UUID, token_hash: str) -> bool | None:
    """Whether this token was accepted for this contact and is not over; None if there is no such contact."""
    live = (
        select(VisitorSession.id)
        .where(
            VisitorSession.end_user_id == end_user_id,
            VisitorSession.token_hash == token_hash,
            VisitorSession.expires_at > now(),
        )
        .exists()
    )
    return db.session.scalar(select(live).select_from(EndUser).where(EndUser.id == end_user_id))
