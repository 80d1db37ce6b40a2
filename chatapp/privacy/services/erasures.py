"""Erase one person, with a receipt; and again after a restore."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_

from chatapp.attachments import services as attachments
from chatapp.common import audit
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.events import emit
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxEvent
from chatapp.common.tenancy import current_workspace_id
from chatapp.conversations.models import Conversation
from chatapp.endusers import queries as endusers
from chatapp.endusers import services as enduser_services
from chatapp.endusers.models import EMAIL, EndUser
from chatapp.privacy import fingerprint, queries
from chatapp.privacy.events import ConversationErased, PersonErased, PersonErasureRequested
from chatapp.privacy.models import Erasure
from chatapp.workspaces.models import Membership

_PAGE = 500


def ask(end_user: EndUser, *, by: Membership) -> Erasure:
    """Have a person erased, with all who were merged into them; asking twice gives the same receipt. The lock keeps
    them from being merged before it is known."""
    end_user = queries.person(end_user.id, lock=True)
    waiting = queries.pending_erasure(end_user.id)
    if waiting is not None:
        return waiting
    erasure = _receipt(end_user, requested_by=by.user.name, requested_by_id=by.user_id)
    audit.record("person.erasure_asked", by=by.user, target_id=erasure.id, target_name=erasure.number)
    emit(PersonErasureRequested(workspace_id=erasure.workspace_id, erasure_id=erasure.id, actor=f"agent:{by.user_id}"))
    return erasure


def carry_out(erasure_id: UUID) -> None:
    """In the worker, in one transaction: all of it or nothing. Doing it again changes nothing."""
    erasure = queries.erasure(erasure_id, lock=True)
    if erasure.end_user_id is None:
        return
    _note_other_names(erasure)
    erasure.counts = _erase(erasure.end_user_id)
    erasure.state, erasure.end_user_id, erasure.finished_at = "done", None, now()
    told: Mapping[str, tuple[object, object]] = {what: (count, 0) for what, count in erasure.counts.items()}
    audit.record("person.erased", by=None, target_id=erasure.id, target_name=erasure.number, changes=told)


def reapply() -> int:
    """Erase again whoever a restore brought back to the current workspace; how many it were.

    By id, and by mail address for contacts who were there before the erasure: whoever comes back later is welcome.
    """
    ids, emails = _tombstones()
    found, last = [], None
    while page := queries.people_after(last, limit=_PAGE):
        found += [person.id for person in page if _is_among(person, ids, emails)]
        last = page[-1].id
    for end_user_id in found:
        _erase(end_user_id)
    if found:
        audit.record("person.erased_again", by=None, changes={"people": (len(found), 0)})
    return len(found)


def remember(
    erasure_id: UUID, *, asked_at: datetime, id_fingerprint: str, email_fingerprint: str | None, is_part: bool = False
) -> bool:
    """Take a tombstone that is kept outside of the database, if the backup did not have it."""
    if db.session.get(Erasure, erasure_id) is not None:
        return False
    db.session.add(
        Erasure(
            id=erasure_id,
            workspace_id=current_workspace_id(),
            created_at=asked_at,
            requested_by="",
            id_fingerprint=id_fingerprint,
            email_fingerprint=email_fingerprint,
            is_part=is_part,
            state="done",
            finished_at=now(),
        )
    )
    db.session.flush()
    return True


def _receipt(end_user: EndUser, *, requested_by: str, requested_by_id: UUID) -> Erasure:
    erasure = Erasure(
        workspace_id=end_user.workspace_id,
        requested_by=requested_by,
        requested_by_id=requested_by_id,
        end_user_id=end_user.id,
        id_fingerprint=fingerprint.of_id(end_user.id)[0],
        email_fingerprint=fingerprint.of_email(end_user.email)[0] if end_user.email else None,
    )
    db.session.add(erasure)
    db.session.flush()
    return erasure


def _note_other_names(erasure: Erasure) -> None:
    """The tombstones of whoever was merged into the person, and of their other mail addresses."""
    assert erasure.end_user_id is not None
    people = queries.locked_everybody_in(erasure.end_user_id)
    emails = {one.email.strip().lower(): one.id for one in people if one.email}
    emails |= {one.value: erasure.end_user_id for one in endusers.identities(erasure.end_user_id) if one.kind == EMAIL}
    known: set[tuple[str, str | None]] = {(fingerprint.of_id(one.id)[0], None) for one in people}
    known |= {(fingerprint.of_id(owner_id)[0], fingerprint.of_email(email)[0]) for email, owner_id in emails.items()}
    told = {(erasure.id_fingerprint, email) for email in (erasure.email_fingerprint, None)}
    for by_id, by_email in known - told:
        remember(uuid7(), asked_at=erasure.created_at, id_fingerprint=by_id, email_fingerprint=by_email, is_part=True)


def _erase(end_user_id: UUID) -> dict[str, int]:
    """Everything about a person, who was merged into them included, and how much it was. What the outbox holds goes
    first, so that no handler that works for them waits for us while we wait for it; and last, for what this emits names
    them, too."""
    conversation_ids = queries.conversation_ids(end_user_id)
    events = forget_events(conversation_ids, [end_user_id, *endusers.merged_ids(end_user_id)])
    people = [one.id for one in queries.locked_everybody_in(end_user_id)]
    if end_user_id not in people:
        return {}
    conversation_ids = queries.conversation_ids(end_user_id)
    held, desks = queries.holdings(end_user_id), queries.desks_of_each(conversation_ids)
    enduser_services.drop_files()
    db.session.execute(delete(Conversation).where(Conversation.id.in_(conversation_ids)))
    db.session.execute(delete(EndUser).where(EndUser.id == end_user_id))
    tell(desks)
    for person_id in people:
        attachments.forget_unused_of_visitor(person_id)
        emit(PersonErased(workspace_id=current_workspace_id(), end_user_id=person_id))
    db.session.flush()
    forget_events(conversation_ids, people)
    return {"people": 1, **vars(held), "events": events}


def tell(desks_of_each: Mapping[UUID, str]) -> None:
    """Their rows go from every inbox."""
    for conversation_id, desks in desks_of_each.items():
        emit(ConversationErased(workspace_id=current_workspace_id(), conversation_id=conversation_id, desks=desks))


def forget_events(conversation_ids: Collection[UUID], people: Collection[UUID] = ()) -> int:
    """What the outbox holds about these conversations, or about these people; how much it was."""
    about = [_names("conversation_id").in_([str(one) for one in conversation_ids])]
    if people:
        about += [_names(name).in_([str(one) for one in people]) for name in ("end_user_id", "visitor_id")]
        about.append(_names("actor").in_([f"visitor:{one}" for one in people]))
    return len(db.session.scalars(delete(OutboxEvent).where(or_(*about)).returning(OutboxEvent.id)).all())


def _names(key: str):  # type: ignore[no-untyped-def]
    return OutboxEvent.payload[key].astext


def _tombstones() -> tuple[set[str], dict[str, datetime]]:
    found = queries.tombstones()
    emails = {one.email_fingerprint: one.created_at for one in found if one.email_fingerprint}
    return {one.id_fingerprint for one in found}, emails


def _is_among(person: EndUser, ids: set[str], emails: Mapping[str, datetime]) -> bool:
    if ids.intersection(fingerprint.of_id(person.id)):
        return True
    known = fingerprint.of_email(person.email) if person.email else []
    return any(person.created_at <= emails[one] for one in known if one in emails)
