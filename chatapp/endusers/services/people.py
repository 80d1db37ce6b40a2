"""Contacts come into being, are described, noted about, blocked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from chatapp.attributes.models import Attribute
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.common.ids import uuid7
from chatapp.common.tenancy import current_workspace_id
from chatapp.endusers import queries
from chatapp.endusers.events import VisitorLoggedOut
from chatapp.endusers.models import ContactExport, ContactImport, EndUser, EndUserNote, VisitorSession
from chatapp.endusers.services import identities
from chatapp.workspaces.models import Membership

FACTS = ("name", "email", "phone", "company")
"""What people write down about a contact."""
_MOST_MERGES = 5


def ensure(end_user_id: UUID, *, locale: str | None = None) -> EndUser:
    """The contact with this id, made if this is their first sign of life, and locked: two first messages become one.
    Of one who was merged, it is the contact they were merged into.

    Begins a transaction, for it may have to let go of what it has locked: whoever merges locks both, in an order.
    """
    for _attempt in range(_MOST_MERGES):
        found = queries.end_user(end_user_id, lock=True) or _made(end_user_id, locale) or _made_elsewhere(end_user_id)
        if found.merged_into_id is None:
            return found
        survivor_id = found.merged_into_id
        db.session.rollback()
        survivor = queries.end_user(survivor_id, lock=True)
        if survivor is not None and _leads_to(end_user_id, survivor_id):
            return survivor
        db.session.rollback()  # it was taken back, or went on, while this waited
    raise AppError(503, _("This chat is busy at the moment. Try again in a minute."))


def welcome(end_user_id: UUID, *, locale: str, token_hash: str, expires_at: datetime) -> EndUser | None:
    """A contact nobody has heard of, made together with their session; None, and nothing written, if they exist."""
    end_user = _made(end_user_id, locale)
    if end_user is not None:
        db.session.add(_session(end_user, token_hash, expires_at))
    return end_user


def open_session(end_user: EndUser, *, token_hash: str, expires_at: datetime) -> None:
    """Accept a visitor token for this contact; accepting it again changes nothing."""
    if not queries.holds(end_user.id, token_hash):
        db.session.add(_session(end_user, token_hash, expires_at))
        db.session.flush()


def close_session(end_user_id: UUID, *, token_hash: str) -> None:
    """A token is nobody's from now on. What listens with another one comes back by itself."""
    db.session.execute(
        delete(VisitorSession).where(VisitorSession.end_user_id == end_user_id, VisitorSession.token_hash == token_hash)
    )
    emit(VisitorLoggedOut(workspace_id=current_workspace_id(), end_user_id=end_user_id))


def describe(end_user: EndUser, **facts: str | None) -> bool:
    """Write down what somebody found out about a contact, by the names in `FACTS`; False if it was known."""
    news = {name: value or None for name, value in facts.items() if getattr(end_user, name) != (value or None)}
    if not news.keys() <= set(FACTS):
        raise KeyError(f"Nobody writes {', '.join(news)} down.")
    for name, value in news.items():
        before = getattr(end_user, name)
        if before and name in identities.COLUMNS.values():
            identities.forget(end_user, name, before)
        setattr(end_user, name, value)
    return bool(news)


def leave_address(end_user_id: UUID, email: str) -> None:
    """Where a visitor says that they can be written to. It leads nobody to them: see `identities`."""
    end_user = queries.end_user(end_user_id, lock=True)
    if end_user is not None:
        end_user.left_email = email
        db.session.flush()


def fill_in(end_user: EndUser, attribute: Attribute, value: Any) -> bool:
    """Write a value down, as `attributes.values` reads it, or take it away with None; False if it was so."""
    if end_user.attributes.get(attribute.place) == value:
        return False
    end_user.attributes = attribute.written(end_user.attributes, value)
    return True


def create(**facts: str | None) -> EndUser:
    """A contact made by hand, who has not written yet. Raises `AppError` 422 if somebody has that mail address, or if
    nothing is said about them."""
    end_user = EndUser(id=uuid7(), workspace_id=current_workspace_id(), message_count=0, attributes={})
    if not describe(end_user, **facts):
        nothing = _("Enter at least a name or a mail address.")
        raise AppError(422, nothing, fields={"name": nothing})
    if end_user.email and queries.by_emails([end_user.email]):
        taken = _("There is a contact with this mail address already.")
        raise AppError(422, taken, fields={"email": taken})
    db.session.add(end_user)
    db.session.flush()
    return end_user


def block(end_user: EndUser) -> bool:
    """Nothing that they write is taken any more; False if it was so."""
    if end_user.is_blocked:
        return False
    end_user.blocked_at = now()
    return True


def unblock(end_user: EndUser) -> bool:
    """They may write again; False if they could."""
    if not end_user.is_blocked:
        return False
    end_user.blocked_at = None
    return True


def write_note(end_user: EndUser, *, text: str, by: Membership) -> EndUserNote:
    note = EndUserNote(end_user_id=end_user.id, author_id=by.user_id, author_name=by.user.name, text=text)
    db.session.add(note)
    db.session.flush()
    return note


def change_note(note: EndUserNote, *, text: str, by: Membership) -> None:
    """Raises `AppError` 403 for somebody else's."""
    _demand_own(note, by)
    if note.text != text:
        note.text, note.edited_at = text, now()


def delete_note(note: EndUserNote, *, by: Membership) -> None:
    """Raises `AppError` 403 for somebody else's."""
    _demand_own(note, by)
    db.session.delete(note)
    db.session.flush()


def _demand_own(note: EndUserNote, by: Membership) -> None:
    if note.author_id != by.user_id:
        raise AppError(403, _("Only who wrote a note can change or delete it."))


def _made(end_user_id: UUID, locale: str | None) -> EndUser | None:
    """Waits for whoever makes the same contact at this moment."""
    row = {"id": end_user_id, "created_at": now(), "workspace_id": current_workspace_id(), "locale": locale}
    statement = (
        insert(EndUser).values(**row, message_count=0, attributes={}).on_conflict_do_nothing().returning(EndUser)
    )
    return db.session.scalar(statement)


def _made_elsewhere(end_user_id: UUID) -> EndUser:
    return db.session.scalars(select(EndUser).where(EndUser.id == end_user_id).with_for_update()).one()


def _leads_to(end_user_id: UUID, survivor_id: UUID) -> bool:
    """Whether a contact is still merged into one that is locked: while it is, that cannot change."""
    merged = (EndUser.id == end_user_id, EndUser.merged_into_id == survivor_id)
    return db.session.scalar(select(EndUser.id).where(*merged)) is not None


def _session(end_user: EndUser, token_hash: str, expires_at: datetime) -> VisitorSession:
    return VisitorSession(
        workspace_id=end_user.workspace_id, end_user_id=end_user.id, token_hash=token_hash, expires_at=expires_at
    )


def note_message(end_user_id: UUID, *, at: datetime) -> None:
    """Count a message from this contact, or for the one they were merged into."""
    asked = aliased(EndUser)
    holder = select(func.coalesce(asked.merged_into_id, asked.id)).where(asked.id == end_user_id).scalar_subquery()
    db.session.execute(
        update(EndUser).where(EndUser.id == holder).values(message_count=EndUser.message_count + 1, last_seen_at=at)
    )


def drop_files(*, over_at: datetime | None = None) -> None:
    """Delete files that hold contacts: every one of the workspace, or what is over then."""
    for file in (ContactExport, ContactImport):
        statement = delete(file)
        db.session.execute(statement.where(file.expires_at <= over_at) if over_at else statement)
