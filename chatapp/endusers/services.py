"""Writes about contacts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from chatapp.common.db import db
from chatapp.common.tenancy import current_workspace_id
from chatapp.endusers import queries
from chatapp.endusers.models import EndUser, VisitorSession

log = structlog.get_logger()


def ensure(end_user_id: UUID, *, locale: str | None = None) -> EndUser:
    """The contact with this id, made if this is their first sign of life, and locked: two first messages become one."""
    found = queries.end_user(end_user_id, lock=True)
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            db.session.add(EndUser(id=end_user_id, workspace_id=current_workspace_id(), locale=locale))
    except IntegrityError:
        log.info("end_user.made_elsewhere", end_user=str(end_user_id))
    return db.session.scalars(select(EndUser).where(EndUser.id == end_user_id).with_for_update()).one()


def open_session(end_user: EndUser, *, token_hash: str, expires_at: datetime) -> None:
    """Accept a visitor token for this contact; accepting it again changes nothing."""
    if not queries.holds(end_user.id, token_hash):
        db.session.add(
            VisitorSession(
                workspace_id=end_user.workspace_id,
                end_user_id=end_user.id,
                token_hash=token_hash,
                expires_at=expires_at,
            )
        )
        db.session.flush()


def note_message(end_user_id: UUID, *, at: datetime) -> None:
    """Count a message from this contact."""
    db.session.execute(
        update(EndUser)
        .where(EndUser.id == end_user_id)
        .values(message_count=EndUser.message_count + 1, last_seen_at=at)
    )
