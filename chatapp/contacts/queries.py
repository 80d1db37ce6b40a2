"""Contacts as a member sees them, and what happened with one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased, joinedload, undefer

from chatapp.common.clock import now
from chatapp.common.conditions import Group, criterion
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.pagination import Cursor, Page, TextCursor, cut
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import current_sight
from chatapp.endusers import queries as endusers
from chatapp.endusers.models import (
    ContactExport,
    ContactExportPart,
    ContactImport,
    ContactImportProblem,
    EndUser,
    EndUserMerge,
    EndUserNote,
)
from chatapp.saved_views.fields import contacts as fields
from chatapp.saved_views.fields.attributes import is_asked_for
from chatapp.saved_views.models import SavedView
from chatapp.search import queries as search
from chatapp.workspaces.door import membership_or_none

PAGE_SIZE = 50
TIMELINE_SIZE = 25
MOST_FOUND = 100
WINDOW = 5_000
ORDERS: Mapping[str, Any] = {"seen": EndUser.seen_at, "name": EndUser.sort_name, "newest": EndUser.created_at}
"""What each order goes by: the latest first, but names from A on."""


@dataclass(frozen=True)
class Entry:
    """Something that happened with a contact: a conversation, a note about them, or another contact that came in."""

    moment: datetime
    conversation: Conversation | None = None
    note: EndUserNote | None = None
    merge: EndUserMerge | None = None

    @property
    def cursor(self) -> Cursor:
        one = self.conversation or self.note or self.merge
        assert one is not None
        return Cursor(self.moment, one.id)


def page(
    order: str, *, only_blocked: bool = False, segment: SavedView | None = None, cursor: str | None = None
) -> Page[EndUser]:
    """Contacts in one of `ORDERS`; of a segment, if one is given. Raises `AppError` 400 for a damaged cursor."""
    column, kind = ORDERS[order], TextCursor if order == "name" else Cursor
    keys = (column, EndUser.id)
    statement = select(EndUser).where(*_listed(only_blocked), *_in_segment(segment))
    if cursor:
        place = kind.decode(cursor)
        here, there = tuple_(*keys), tuple_(*place.key)
        statement = statement.where(here > there if order == "name" else here < there)
    sorts = keys if order == "name" else [key.desc() for key in keys]
    rows = db.session.scalars(statement.order_by(*sorts).limit(PAGE_SIZE + 1)).all()
    return cut(rows, PAGE_SIZE, lambda row: kind(getattr(row, column.key), row.id))


def count_of(segment: SavedView) -> tuple[int, bool]:
    """How many contacts are in a segment, and whether those are all: only the `WINDOW` that were seen last are looked
    at, so that the number costs the same after years."""
    latest = select(EndUser.id).where(*_shown()).order_by(EndUser.seen_at.desc(), EndUser.id.desc()).limit(WINDOW)
    window = latest.subquery()
    fits = func.count().filter(_fits(segment.group))
    number, size = db.session.execute(
        select(fits, func.count()).select_from(EndUser).join(window, window.c.id == EndUser.id)
    ).one()
    return number, size < WINDOW


def found(words: str, *, only_blocked: bool = False, segment: SavedView | None = None) -> Sequence[EndUser]:
    """Contacts whose name, or any way they are known, fits, the best fit first, among the best `MOST_FOUND` of all."""
    ids = search.people_ids(words, limit=MOST_FOUND)
    here = (EndUser.id.in_(ids), *_listed(only_blocked), *_in_segment(segment))
    rows = db.session.scalars(select(EndUser).where(*here)) if ids else ()
    return sorted(rows, key=lambda row: ids.index(row.id))


def contact(end_user_id: UUID, *, lock: bool = False) -> EndUser:
    """One that the member sees; of one who was merged, the contact they were merged into. Whoever writes something down
    locks them. Raises `AppError` 404, 409 for one who is merged at this moment."""
    asked = aliased(EndUser)
    holder = EndUser.id == func.coalesce(asked.merged_into_id, asked.id)
    seen = db.session.scalar(select(EndUser).join(asked, holder).where(asked.id == end_user_id, _in_sight()))
    if seen is None:
        raise not_found()
    return endusers.locked(seen.id) if lock else seen


def seen_contacts(*criteria: ColumnElement[bool]) -> Select[EndUser]:
    """Those whom lists show to the member, that fulfil these."""
    return select(EndUser).where(*_shown(), *criteria)


def timeline(end_user_id: UUID, *, cursor: str | None = None) -> Page[Entry]:
    """Conversations that the member sees, by their last message, notes and merges; the latest first.

    Raises `AppError` 400 for a damaged cursor.
    """
    place = Cursor.decode(cursor) if cursor else None
    conversations = select(Conversation).options(joinedload(Conversation.project), joinedload(Conversation.assignee))
    entries = [
        Entry(row.last_message_at, conversation=row)
        for row in _latest(
            conversations.where(Conversation.end_user_id == end_user_id),
            Conversation.last_message_at,
            Conversation.id,
            place,
        )
    ]
    notes = select(EndUserNote).where(EndUserNote.end_user_id == end_user_id)
    entries += [
        Entry(row.created_at, note=row) for row in _latest(notes, EndUserNote.created_at, EndUserNote.id, place)
    ]
    merges = select(EndUserMerge).where(EndUserMerge.target_id == end_user_id)
    merges = merges.options(joinedload(EndUserMerge.source, innerjoin=True))
    entries += [
        Entry(row.created_at, merge=row) for row in _latest(merges, EndUserMerge.created_at, EndUserMerge.id, place)
    ]
    entries.sort(key=lambda entry: (entry.cursor.moment, entry.cursor.id), reverse=True)
    return cut(entries, TIMELINE_SIZE, lambda entry: entry.cursor)


def meets_everybody() -> bool:
    """Whether the member's role is not bound to some conversations: then people without one are theirs, too."""
    member = membership_or_none()
    return member is None or member.sees_all


def _latest(statement: Any, moment: Any, key: Any, place: Cursor | None) -> Sequence[Any]:
    if place is not None:
        statement = statement.where(tuple_(moment, key) < tuple_(*place.key))
    return db.session.scalars(statement.order_by(moment.desc(), key.desc()).limit(TIMELINE_SIZE + 1)).all()


def _in_segment(segment: SavedView | None) -> list[ColumnElement[bool]]:
    return _fitting(segment.group if segment else None)


def _listed(only_blocked: bool) -> list[ColumnElement[bool]]:
    return [*_shown(), EndUser.blocked_at.is_not(None)] if only_blocked else _shown()


def _shown() -> list[ColumnElement[bool]]:
    """Whom lists show: not the nobodies that conversations are left with when they are made anonymous, and not who was
    merged into somebody."""
    known = (EndUser.last_seen_at, EndUser.name, EndUser.email, EndUser.phone, EndUser.company)
    return [or_(*(column.is_not(None) for column in known)), EndUser.merged_into_id.is_(None), _in_sight()]


def _in_sight() -> ColumnElement[bool]:
    """Whether the member sees a conversation of theirs, if they do not meet everybody."""
    if meets_everybody():
        return true()
    sight = current_sight()
    theirs = select(Conversation.id).where(Conversation.end_user_id == EndUser.id, sight.criterion())
    return theirs.correlate(EndUser).exists()


def count(group: Group | None = None) -> int:
    """How many contacts the member sees; of those that fulfil conditions, if some are given."""
    return db.session.scalar(select(func.count()).select_from(EndUser).where(*_shown(), *_fitting(group))) or 0


def _fitting(group: Group | None) -> list[ColumnElement[bool]]:
    return [] if group is None else [_fits(group)]


def _fits(group: Group) -> ColumnElement[bool]:
    return criterion(group, fields.fields(with_attributes=is_asked_for([group])))


def everybody_after(last: UUID | None, *, group: Group | None = None, limit: int) -> Sequence[EndUser]:
    """The next contacts by key; of those that fulfil conditions, if some are given."""
    behind = [] if last is None else [EndUser.id > last]
    wanted = select(EndUser).where(*_shown(), *_fitting(group), *behind)
    return db.session.scalars(wanted.order_by(EndUser.id).limit(limit)).all()


def export(export_id: UUID) -> ContactExport:
    """Raises `AppError` 404, also for one that is over."""
    mine = (ContactExport.id == export_id, ContactExport.expires_at > now())
    found = db.session.scalar(select(ContactExport).where(*mine))
    if found is None:
        raise not_found()
    return found


def growing_export(export_id: UUID) -> ContactExport | None:
    """One that is still being made, locked."""
    mine = (ContactExport.id == export_id, ContactExport.state == "pending")
    return db.session.scalar(select(ContactExport).where(*mine).with_for_update())


def latest_export(segment: SavedView | None = None) -> ContactExport | None:
    """The newest one that is not over, of a segment or of everybody."""
    of = ContactExport.saved_view_id == segment.id if segment else ContactExport.saved_view_id.is_(None)
    alive = select(ContactExport).where(ContactExport.expires_at > now(), of)
    return db.session.scalar(alive.order_by(ContactExport.id.desc()).limit(1))


def parts(export_id: UUID) -> Sequence[str]:
    """An export's lines, part by part."""
    theirs = select(ContactExportPart.text).where(ContactExportPart.export_id == export_id)
    return db.session.scalars(theirs.order_by(ContactExportPart.number)).all()


def contact_import(import_id: UUID, *, lock: bool = False, with_content: bool = False) -> ContactImport:
    """Raises `AppError` 404, also for one that is over."""
    mine = (ContactImport.id == import_id, ContactImport.expires_at > now())
    statement = select(ContactImport).where(*mine)
    statement = statement.options(undefer(ContactImport.content)) if with_content else statement
    found = db.session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise not_found()
    return found


def working_import(import_id: UUID) -> ContactImport | None:
    """One that is being looked through or taken in, locked, with its table."""
    mine = (ContactImport.id == import_id, ContactImport.state.in_(("checking", "running")))
    return db.session.scalar(
        select(ContactImport).where(*mine).options(undefer(ContactImport.content)).with_for_update()
    )


def problems(import_id: UUID, *, limit: int | None = None) -> Sequence[ContactImportProblem]:
    """The rows that are not taken in, in their order."""
    theirs = select(ContactImportProblem).where(ContactImportProblem.import_id == import_id)
    return db.session.scalars(theirs.order_by(ContactImportProblem.line).limit(limit)).all()
