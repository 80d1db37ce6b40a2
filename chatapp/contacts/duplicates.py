"""Who could be the same person, and what two contacts would become together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from chatapp.attributes import queries as attributes
from chatapp.attributes.models import Attribute
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.contacts import queries
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import current_sight, unrestricted, with_deleted
from chatapp.endusers import queries as endusers
from chatapp.endusers.models import EMAIL, PHONE, EndUser, EndUserIdentity, EndUserMerge, EndUserNote
from chatapp.endusers.services import FACTS
from chatapp.messages.models import Message

_MOST = 8
THEIRS = "theirs"
"""What a form says where the value of the contact that goes is kept."""


@dataclass(frozen=True)
class Part:
    """One fact of two contacts: what each has, and whether somebody must choose. `field` is its name in the form."""

    field: str
    attribute: Attribute | None
    mine: Any
    theirs: Any

    @property
    def is_conflict(self) -> bool:
        return self.mine is not None and self.theirs is not None and self.mine != self.theirs

    def kept(self, chosen: Mapping[str, str]) -> Any:
        """What is known first, unless the other was chosen."""
        if self.mine is None or (self.theirs is not None and chosen.get(self.field) == THEIRS):
            return self.theirs
        return self.mine


@dataclass(frozen=True)
class Holdings:
    """How much of it the member sees."""

    conversations: int
    notes: int


def suggestions(contact: EndUser) -> list[tuple[EndUser, Collection[str]]]:
    """Who shares a mail address, a phone or a name with a contact, among those the member sees; and what."""
    ways = [(one.kind, one.value) for one in endusers.identities(contact.id)]
    emails = {value for kind, value in ways if kind == EMAIL} | {contact.email_key}
    phones = {value for kind, value in ways if kind == PHONE} | {contact.phone}
    keys = {endusers.key_of(PHONE, phone) for phone in phones if phone}
    dialled = select(EndUserIdentity.end_user_id).where(EndUserIdentity.kind == PHONE, EndUserIdentity.value.in_(keys))
    mailed = select(EndUserIdentity.end_user_id)
    mailed = mailed.where(EndUserIdentity.kind == EMAIL, EndUserIdentity.value == contact.email_key)
    alike: list[ColumnElement[bool]] = [EndUser.email_key.in_(emails - {None}), EndUser.phone.in_(phones - {None})]
    alike += [EndUser.id.in_(dialled), EndUser.id.in_(mailed)]
    if contact.name:
        alike.append(EndUser.sort_name == contact.sort_name)
    found = queries.seen_contacts(or_(*alike), EndUser.id != contact.id)
    rows = db.session.scalars(found.order_by(EndUser.seen_at.desc(), EndUser.id.desc()).limit(_MOST))
    return [(row, _shared(contact, row, emails, keys)) for row in rows]


def _shared(contact: EndUser, other: EndUser, emails: Collection[str | None], keys: Collection[str]) -> Collection[str]:
    """In words that the page knows. Whoever is not written down with it is known by it."""
    shared = {"name"} if contact.name and contact.sort_name == other.sort_name else set()
    if other.email_key and other.email_key in emails:
        shared.add(EMAIL)
    if other.phone and endusers.key_of(PHONE, other.phone) in keys:
        shared.add(PHONE)
    return shared


def found(words: str, contact: EndUser) -> Sequence[EndUser]:
    return [one for one in queries.found(words) if one.id != contact.id][:_MOST]


def parts(target: EndUser, source: EndUser) -> list[Part]:
    """Every fact that one of them has: what people write down, then attributes in their order."""
    compared = [Part(name, None, getattr(target, name), getattr(source, name)) for name in FACTS]
    for each in attributes.attributes("contacts"):
        mine, theirs = target.attributes.get(each.place), source.attributes.get(each.place)
        compared.append(Part(f"attribute:{each.place}", each, mine, theirs))
    return [part for part in compared if part.mine is not None or part.theirs is not None]


def holdings(contact_ids: Collection[UUID]) -> dict[UUID, Holdings]:
    """By contact."""
    talks = _counts(Conversation, contact_ids)
    notes = _counts(EndUserNote, contact_ids)
    return {one: Holdings(talks.get(one, 0), notes.get(one, 0)) for one in contact_ids}


def sees_all_of(contact_ids: Collection[UUID]) -> bool:
    """Whether no conversation of theirs is out of the member's sight."""
    if current_sight().is_everything:
        return True
    mine = _counts(Conversation, contact_ids)
    with unrestricted(reason="to know whether there is more than the member sees; nothing of it is shown"):
        return mine == _counts(Conversation, contact_ids)


def locked_conversations(end_user_id: UUID, *, visitor_ids: Collection[UUID] | None = None) -> list[UUID]:
    """A contact's, with those that were deleted and may come back, locked in the order of their ids. With `visitor_ids`
    only what these visitors read."""
    theirs = [Conversation.end_user_id == end_user_id]
    if visitor_ids is not None:
        theirs.append(Conversation.visitor_id.in_(visitor_ids))
    with with_deleted(reason="what comes back comes back to whom it belongs"):
        return list(
            db.session.scalars(select(Conversation.id).where(*theirs).order_by(Conversation.id).with_for_update())
        )


def written_since(conversation_ids: Collection[UUID], moment: datetime) -> tuple[int, datetime | None]:
    """How many messages visitors wrote there since then, and when the last."""
    theirs = (Message.conversation_id.in_(conversation_ids), Message.author_type == "visitor", Message.kind == "reply")
    row = db.session.execute(
        select(func.count(), func.max(Message.created_at)).where(*theirs, Message.created_at > moment)
    ).one()
    return row[0], row[1]


def merge(merge_id: UUID) -> EndUserMerge:
    """Raises `AppError` 404."""
    found = db.session.scalar(select(EndUserMerge).where(EndUserMerge.id == merge_id))
    if found is None:
        raise not_found()
    return found


def _counts(what: Any, contact_ids: Collection[UUID]) -> dict[UUID, int]:
    grouped = select(what.end_user_id, func.count()).where(what.end_user_id.in_(contact_ids)).group_by(what.end_user_id)
    return {row[0]: row[1] for row in db.session.execute(grouped)}
