"""The ways a contact is known: attached, let go, made the one that is written down.

Attach only what was proven, or what a member says: whoever can attach somebody's address to themselves is them.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7
from chatapp.endusers import queries
from chatapp.endusers.models import EMAIL, PHONE, EndUser, EndUserIdentity

COLUMNS = {EMAIL: "email", PHONE: "phone"}
"""Where a contact is written down with the address that the team uses first."""


def attach(end_user: EndUser, kind: str, value: str, *, project_id: UUID | None = None) -> EndUser:
    """From now on this leads to the contact, unless it leads to somebody already; to whom it leads.

    Two who attach the same at once meet: the second waits, and gets the contact of the first.
    """
    row = {"kind": kind, "value": queries.key_of(kind, value), "project_id": project_id, "end_user_id": end_user.id}
    about = {"id": uuid7(), "created_at": now(), "workspace_id": end_user.workspace_id}
    db.session.execute(insert(EndUserIdentity).values(**row, **about).on_conflict_do_nothing())
    holder = queries.known_by(kind, value, project_id=project_id)
    assert holder is not None
    return holder


def add(end_user: EndUser, kind: str, value: str) -> None:
    """Another mail address or phone of a contact, which becomes the one that is written down if there was none.

    Raises `AppError` 409 if it leads to somebody else.
    """
    if attach(end_user, kind, value).id != end_user.id:
        taken = _("Another contact is known by this already. Merge the two if they are one person.")
        raise AppError(409, taken, fields={"value": taken})
    if getattr(end_user, COLUMNS[kind]) is None:
        setattr(end_user, COLUMNS[kind], value)
        db.session.flush()


def prefer(end_user: EndUser, identity: EndUserIdentity) -> None:
    """Write the contact down with this one; the one before still leads to them."""
    column = _column(identity)
    if queries.key_of(identity.kind, getattr(end_user, column) or "") != identity.value:
        setattr(end_user, column, identity.value)
        db.session.flush()


def let_go(end_user: EndUser, identity: EndUserIdentity) -> None:
    """It leads to them no more. The one that is written down gives way to another one, if there is one."""
    column = _column(identity)
    db.session.delete(identity)
    db.session.flush()
    if queries.key_of(identity.kind, getattr(end_user, column) or "") == identity.value:
        others = [one.value for one in queries.identities(end_user.id) if one.kind == identity.kind]
        setattr(end_user, column, others[0] if others else None)
        db.session.flush()


def forget(end_user: EndUser, kind: str, value: str) -> None:
    """What was written down by mistake leads to them no more."""
    theirs = (EndUserIdentity.end_user_id == end_user.id, EndUserIdentity.project_id.is_(None))
    this = (EndUserIdentity.kind == kind, EndUserIdentity.value == queries.key_of(kind, value))
    db.session.execute(delete(EndUserIdentity).where(*theirs, *this))


def _column(identity: EndUserIdentity) -> str:
    """Raises `AppError` 422 for what no member can change: what a site says about its own users."""
    if identity.kind not in COLUMNS:
        raise AppError(422, _("This comes from your site and cannot be changed here."))
    return COLUMNS[identity.kind]
