"""Two contacts turn out to be one, and sometimes not. One transaction each; see docs/decisions/0036.

Locks: both contacts in the order of their ids, then the conversations that change hands, in the order of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, update
from sqlalchemy.sql.functions import Function

from chatapp.common import audit
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.contacts import duplicates
from chatapp.contacts.permissions import MERGE
from chatapp.contacts.services import blocking
from chatapp.conversations import services as conversations
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import unrestricted, with_deleted
from chatapp.endusers import queries as endusers
from chatapp.endusers.models import EndUser, EndUserIdentity, EndUserMerge, EndUserNote
from chatapp.endusers.services import FACTS, identities
from chatapp.privacy import queries as privacy
from chatapp.undo import services as undo
from chatapp.undo.models import Deed
from chatapp.workspaces.models import Membership

MERGED = "contacts.merged"
MOST = 2_000
"""Conversations that change hands at once: all of it is one transaction."""

_WRITTEN = (*FACTS, "left_email", "locale", "blocked_at", "last_seen_at")


def merge(source: EndUser, *, into: EndUser, chosen: Mapping[str, str], by: Membership) -> tuple[EndUserMerge, Deed]:
    """Everything of the source is the other's from now on. `chosen`: by field, whose value is kept where both have one
    (see `duplicates.Part`). Raises `AppError` 403, 404, 409, 422.

    The source's row stays and leads to the other: its browsers go on, and read what is theirs and nothing else.
    """
    if source.id == into.id:
        raise AppError(422, _("Choose another contact."))
    target, source = endusers.locked_pair(into.id, source.id)
    _demand(by, target, source)
    if source.merged_into_id or target.merged_into_id:
        raise AppError(409, _("One of them has been merged already."))
    before, values = _as_written(target), target.attributes
    with unrestricted(reason="the member sees every conversation of both"):
        conversation_ids = duplicates.locked_conversations(source.id)
        if len(conversation_ids) > MOST:
            raise AppError(409, _("This is about more than %(count)s conversations, which is too much.", count=MOST))
        facts: dict[str, Any] = {
            "notes": _taken(EndUserNote, source, target),
            "identities": _taken(EndUserIdentity, source, target),
            "followers": [str(one) for one in endusers.merged_ids(source.id)],
            "count": source.message_count,
        }
        _give(conversation_ids, target, reader=func.coalesce(Conversation.visitor_id, source.id))
        _lead(endusers.merged_ids(source.id), to=target)
        source.merged_into_id = target.id
        _describe(target, source, chosen)
        facts["closed"] = blocking.close_open(target, by=by) if target.is_blocked else {}
    facts["before"], facts["after"] = before, _as_written(target)
    facts["values"], facts["values_after"] = values, target.attributes
    return _noted(source, target, facts, by)


def _noted(source: EndUser, target: EndUser, facts: dict[str, Any], by: Membership) -> tuple[EndUserMerge, Deed]:
    one = EndUserMerge(
        workspace_id=target.workspace_id,
        source_id=source.id,
        target_id=target.id,
        by_id=by.user_id,
        by_name=by.user.name,
        facts=facts,
    )
    db.session.add(one)
    db.session.flush()
    _record("contact.merged", source, target, by)
    conversations.show_contact(target, by=by)
    return one, undo.remember(MERGED, by=by, merge=str(one.id))


def take_back(deed: Deed, by: Membership) -> None:
    """As `part`, from the offer of a moment ago."""
    part(duplicates.merge(UUID(deed.facts["merge"])), by=by)


def part(one: EndUserMerge, *, by: Membership) -> EndUser:
    """They are two again: what came from the source goes back, with what its browsers have written since; what was
    written down since stays where it was written. Doing it again changes nothing. Raises `AppError` 403, 404, 409."""
    target, source = endusers.locked_pair(one.target_id, one.source_id)
    db.session.refresh(one)
    if one.undone_at is not None:
        return source
    if target.merged_into_id is not None or source.merged_into_id != target.id:
        raise AppError(409, _("This contact has been merged into another one since. Undo that first."))
    _demand(by, target, source)
    followers = [UUID(each) for each in one.facts["followers"]]
    with unrestricted(reason="the member sees every conversation of both"):
        theirs = duplicates.locked_conversations(target.id, visitor_ids=[source.id, *followers])
        since, last = duplicates.written_since(theirs, one.created_at)
        _give(theirs, source, reader=func.nullif(Conversation.visitor_id, source.id))
        source.merged_into_id = None
        _lead(followers, to=source)
        _return(EndUserNote, one.facts["notes"], target, source)
        _return(EndUserIdentity, one.facts["identities"], target, source)
        _describe_as_before(target, one.facts)
        _know_again(source)
        source.message_count += since
        target.message_count = max(0, target.message_count - one.facts["count"] - since)
        source.last_seen_at = max(filter(None, (source.last_seen_at, last)), default=None)
        blocking.open_again(one.facts["closed"], by=by)
    one.undone_at = now()
    db.session.flush()
    _record("contact.parted", source, target, by)
    for contact in (target, source):
        conversations.show_contact(contact, by=by)
    return source


def _demand(by: Membership, target: EndUser, source: EndUser) -> None:
    if not by.may(MERGE):
        raise AppError(403, _("Your role in this workspace does not allow this. Ask an owner or an admin."))
    if not duplicates.sees_all_of([target.id, source.id]):
        raise AppError(403, _("They have conversations that your role does not see. Ask somebody who sees them all."))
    if any(privacy.pending_erasure(contact.id) for contact in (target, source)):
        raise AppError(409, _("This contact is being erased."))


def _taken(what: type[EndUserNote] | type[EndUserIdentity], source: EndUser, target: EndUser) -> list[str]:
    theirs = update(what).where(what.end_user_id == source.id).values(end_user_id=target.id)
    return [str(one) for one in db.session.scalars(theirs.returning(what.id))]


def _return(
    what: type[EndUserNote] | type[EndUserIdentity], ids: Sequence[str], target: EndUser, source: EndUser
) -> None:
    """Those of them that are still there."""
    theirs = (what.id.in_([UUID(one) for one in ids]), what.end_user_id == target.id)
    db.session.execute(update(what).where(*theirs).values(end_user_id=source.id))


def _give(conversation_ids: Sequence[UUID], to: EndUser, *, reader: Function[Any]) -> None:
    """They change hands, and whoever reads them on the site goes on reading them."""
    those = update(Conversation).where(Conversation.id.in_(conversation_ids))
    with with_deleted(reason="what comes back comes back to whom it belongs"):
        db.session.execute(those.values(end_user_id=to.id, visitor_id=reader, changed_at=now()))


def _lead(contact_ids: Sequence[UUID], *, to: EndUser) -> None:
    """Whoever was merged before leads to where all of it is now: nobody has to follow more than one step."""
    db.session.execute(update(EndUser).where(EndUser.id.in_(contact_ids)).values(merged_into_id=to.id))


def _describe(target: EndUser, source: EndUser, chosen: Mapping[str, str]) -> None:
    """Whoever was blocked stays blocked."""
    values = dict(target.attributes)
    for fact in duplicates.parts(target, source):
        if fact.attribute is None:
            setattr(target, fact.field, fact.kept(chosen))
        else:
            values[fact.attribute.place] = fact.kept(chosen)
    target.attributes = values
    target.left_email = target.left_email or source.left_email
    target.locale, target.blocked_at = target.locale or source.locale, target.blocked_at or source.blocked_at
    target.last_seen_at = max(filter(None, (target.last_seen_at, source.last_seen_at)), default=None)
    target.message_count += source.message_count
    db.session.flush()


def _describe_as_before(target: EndUser, facts: Mapping[str, Any]) -> None:
    """What the merge changed and nobody has changed since."""
    left = _as_written(target)
    for name, before in facts["before"].items():
        if left[name] == facts["after"][name] != before:
            setattr(target, name, datetime.fromisoformat(before) if before and name.endswith("_at") else before)
    values = dict(target.attributes)
    for place, after in facts["values_after"].items():
        before = facts["values"].get(place)
        if values.get(place) == after != before:
            values[place] = before
    target.attributes = {place: value for place, value in values.items() if value is not None}
    db.session.flush()


def _know_again(source: EndUser) -> None:
    """By what they are written down with, unless somebody else is known by it meanwhile."""
    for kind, column in identities.COLUMNS.items():
        if getattr(source, column):
            identities.attach(source, kind, getattr(source, column))


def _as_written(contact: EndUser) -> dict[str, Any]:
    values = {name: getattr(contact, name) for name in _WRITTEN}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _record(action: str, source: EndUser, target: EndUser, by: Membership) -> None:
    """Without their names: the log is never changed, and not everybody who reads it may see them."""
    codes = {"contact": (source.code, target.code)}
    audit.record(action, by=by.user, target_id=target.id, target_name=target.code, changes=codes)
