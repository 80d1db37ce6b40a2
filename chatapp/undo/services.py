"""Remember what was done, take it back, forget it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import delete

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.undo.models import Deed
from chatapp.workspaces.models import Membership

LIFE = timedelta(hours=1)
"""Long enough for whoever keeps the offer on the screen; it is theirs to see whether something changed meanwhile."""

TakeBack = Callable[[Deed, Membership], str | None]
"""Makes a deed undone, for the member who did it, and says what there is to say beside that. Raises `AppError` 409 if
something else has changed meanwhile."""

_EXTENSION = "chatapp.undo"


def register(app: Flask, table: Mapping[str, TakeBack]) -> None:
    """Install the table that names, for each kind of deed, who takes it back."""
    app.extensions[_EXTENSION] = dict(table)


def remember(kind: str, *, by: Membership, **facts: Any) -> Deed:
    """What a member does now, so that they can take it back. `facts` are plain values: ids as texts."""
    assert kind in current_app.extensions[_EXTENSION], kind
    deed = Deed(workspace_id=by.workspace_id, user_id=by.user_id, kind=kind, facts=facts, expires_at=now() + LIFE)
    db.session.add(deed)
    db.session.flush()
    return deed


def take_back(deed: Deed, *, by: Membership) -> str:
    """What became of it, in words. Raises `AppError` 409 when it is too late: done already, long ago, or something else
    has changed."""
    moment = now()
    if deed.undone_at is not None:
        raise AppError(409, _("This has been undone already."))
    if deed.expires_at <= moment:
        raise AppError(409, _("It is too late to undo this."))
    undo: TakeBack = current_app.extensions[_EXTENSION][deed.kind]
    words = undo(deed, by)
    deed.undone_at = moment
    db.session.flush()
    return words or _("Undone.")


def forget(*, over_at: datetime) -> None:
    """Delete what nobody may take back any more. Needs `across_tenants`."""
    db.session.execute(delete(Deed).where(Deed.expires_at <= over_at))
