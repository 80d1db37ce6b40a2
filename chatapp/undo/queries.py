"""Reads about deeds."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.undo.models import Deed
from chatapp.workspaces.models import Membership


def locked_deed(deed_id: UUID, *, by: Membership) -> Deed:
    """What this member did, locked: it is taken back once. Raises `AppError` 404 for what others did."""
    theirs = (Deed.id == deed_id, Deed.user_id == by.user_id)
    found = db.session.scalar(select(Deed).where(*theirs).with_for_update())
    if found is None:
        raise not_found()
    return found
