"""Reads about what is kept of people, and of what was erased."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, undefer

from chatapp.attachments.models import Attachment
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.tenancy import across_tenants
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import desks_of
from chatapp.endusers import queries as endusers
from chatapp.endusers.models import EndUser, VisitorSession
from chatapp.messages.models import Message, MessageVersion
from chatapp.privacy import fingerprint
from chatapp.privacy.models import Erasure, PersonExport, RetentionRule

RECENT = 20


@dataclass(frozen=True)
class Holdings:
    """How much is kept of one person."""

    conversations: int
    messages: int
    files: int
    visitor_sessions: int


def person(end_user_id: UUID, *, lock: bool = False) -> EndUser:
    """Whoever has this id, or whom they were merged into; locked if asked. Raises `AppError` 404."""
    found = endusers.holder(end_user_id)
    if found is None:
        raise not_found()
    return endusers.locked(found.id) if lock else found


def holdings(end_user_id: UUID) -> Holdings:
    mine, people = _conversations_of(end_user_id), _everybody_in(end_user_id)
    messages = select(func.count()).select_from(Message).join(Conversation, Conversation.id == Message.conversation_id)
    files = select(func.count()).select_from(Attachment)
    files = files.outerjoin(Conversation, Conversation.id == Attachment.conversation_id)
    return Holdings(
        conversations=_count(select(func.count()).select_from(Conversation).where(mine)),
        messages=_count(messages.where(mine)),
        files=_count(files.where(or_(mine, Attachment.visitor_id.in_(people)))),
        visitor_sessions=_count(
            select(func.count()).select_from(VisitorSession).where(VisitorSession.end_user_id.in_(people))
        ),
    )


def conversation_ids(end_user_id: UUID) -> list[UUID]:
    """Every conversation of a person, the oldest first."""
    mine = select(Conversation.id).where(_conversations_of(end_user_id)).order_by(Conversation.id)
    return list(db.session.scalars(mine))


def _conversations_of(end_user_id: UUID) -> ColumnElement[bool]:
    """What is theirs; of somebody who was merged, what was theirs before and what they wrote since."""
    return or_(Conversation.end_user_id == end_user_id, Conversation.visitor_id == end_user_id)


def _everybody_in(end_user_id: UUID) -> Select[UUID]:
    """Their id, and those of the contacts that were merged into them."""
    return select(EndUser.id).where(or_(EndUser.id == end_user_id, EndUser.merged_into_id == end_user_id))


def merged(end_user_id: UUID) -> Sequence[EndUser]:
    """Who was merged into them, as they were."""
    theirs = select(EndUser).where(EndUser.merged_into_id == end_user_id)
    return db.session.scalars(theirs.order_by(EndUser.id)).all()


def locked_everybody_in(end_user_id: UUID) -> Sequence[EndUser]:
    """They, and who was merged into them, locked in the order of their ids."""
    everybody = select(EndUser).where(EndUser.id.in_(_everybody_in(end_user_id))).order_by(EndUser.id)
    return db.session.scalars(everybody.with_for_update().execution_options(populate_existing=True)).all()


def desks_of_each(conversation_ids: Collection[UUID]) -> dict[UUID, str]:
    """The keys of the desks on which each of these conversations lies."""
    place = select(Conversation.id, Conversation.assignee_id, Conversation.team_id)
    rows = db.session.execute(place.where(Conversation.id.in_(conversation_ids)))
    return {row.id: " ".join(sorted(desk.key for desk in desks_of(row))) for row in rows}


def conversations(ids: Collection[UUID]) -> Sequence[Conversation]:
    """These, with their project, the oldest first."""
    found = select(Conversation).where(Conversation.id.in_(ids)).options(joinedload(Conversation.project))
    return db.session.scalars(found.order_by(Conversation.id)).all()


def messages(conversation_ids: Collection[UUID]) -> Sequence[Message]:
    """Everything that was said there, with who said it, in order."""
    said = select(Message).where(Message.conversation_id.in_(conversation_ids)).options(joinedload(Message.agent))
    return db.session.scalars(said.order_by(Message.conversation_id, Message.seq)).all()


def versions(conversation_ids: Collection[UUID]) -> dict[tuple[UUID, int], list[MessageVersion]]:
    """What messages there said before they were edited, the oldest first, by conversation and place."""
    edited = select(MessageVersion).where(MessageVersion.conversation_id.in_(conversation_ids))
    found: dict[tuple[UUID, int], list[MessageVersion]] = {}
    for version in db.session.scalars(edited.order_by(MessageVersion.id)):
        found.setdefault((version.conversation_id, version.seq), []).append(version)
    return found


def export(export_id: UUID, *, with_content: bool = False) -> PersonExport:
    """Raises `AppError` 404, also for one that is over."""
    statement = select(PersonExport).where(PersonExport.id == export_id, PersonExport.expires_at > now())
    found = db.session.scalar(statement.options(undefer(PersonExport.content)) if with_content else statement)
    if found is None:
        raise not_found()
    return found


def growing_export(export_id: UUID) -> PersonExport | None:
    """One that is still being made, locked, with what it holds so far."""
    return db.session.scalar(
        select(PersonExport)
        .where(PersonExport.id == export_id, PersonExport.state == "pending")
        .options(undefer(PersonExport.collected))
        .with_for_update()
    )


def latest_export(end_user_id: UUID) -> PersonExport | None:
    """The newest one of a person that is not over."""
    return db.session.scalar(
        select(PersonExport)
        .where(PersonExport.end_user_id == end_user_id, PersonExport.expires_at > now())
        .order_by(PersonExport.id.desc())
        .limit(1)
    )


def erasure(erasure_id: UUID, *, lock: bool = False) -> Erasure:
    """Raises `AppError` 404."""
    statement = select(Erasure).where(Erasure.id == erasure_id, Erasure.is_part.is_(False))
    found = db.session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise not_found()
    return found


def pending_erasure(end_user_id: UUID) -> Erasure | None:
    """The one that was asked for and has not been done yet."""
    return db.session.scalar(select(Erasure).where(Erasure.end_user_id == end_user_id).limit(1))


def recent_erasures() -> Sequence[Erasure]:
    """The newest receipts."""
    receipts = select(Erasure).where(Erasure.is_part.is_(False))
    return db.session.scalars(receipts.order_by(Erasure.id.desc()).limit(RECENT)).all()


def is_erased(end_user_id: UUID) -> bool:
    """Whether somebody of this id was erased from the current workspace."""
    known = fingerprint.of_id(end_user_id)
    return db.session.scalar(select(Erasure.id).where(Erasure.id_fingerprint.in_(known)).limit(1)) is not None


def erased_among(ids: Collection[UUID], emails: Collection[str]) -> set[UUID | str]:
    """Those of these ids and mail addresses (in small letters) whose people were erased from the workspace."""
    by_id = {known: one for one in ids for known in fingerprint.of_id(one)}
    by_email = {known: email.lower() for email in emails if email for known in fingerprint.of_email(email)}
    found = select(Erasure.id_fingerprint, Erasure.email_fingerprint).where(
        or_(Erasure.id_fingerprint.in_(by_id), Erasure.email_fingerprint.in_(by_email))
    )
    rows = db.session.execute(found).all()
    erased: set[UUID | str] = {by_id[row[0]] for row in rows if row[0] in by_id}
    return erased | {by_email[row[1]] for row in rows if row[1] in by_email}


def tombstones() -> Sequence[Erasure]:
    """What was erased from the current workspace."""
    return db.session.scalars(select(Erasure).where(Erasure.state == "done").order_by(Erasure.id)).all()


def people_after(last: UUID | None, *, limit: int) -> Sequence[EndUser]:
    """A page of the current workspace's contacts by key."""
    everybody = select(EndUser).order_by(EndUser.id).limit(limit)
    return db.session.scalars(everybody.where(EndUser.id > last) if last else everybody).all()


def rules() -> dict[str, RetentionRule]:
    """The rules of the current workspace by channel."""
    return {rule.channel_kind: rule for rule in db.session.scalars(select(RetentionRule))}


def over(rule: RetentionRule) -> ColumnElement[bool]:
    """Which conversations a rule is about today."""
    return (
        (Conversation.channel_kind == rule.channel_kind)
        & (Conversation.status == "closed")
        & (Conversation.closed_at < now() - timedelta(days=rule.days))
        & Conversation.anonymised_at.is_(None)
    )


def over_count(rule: RetentionRule) -> int:
    return _count(select(func.count()).select_from(Conversation).where(over(rule)))


def workspaces_with_rules() -> list[UUID]:
    with across_tenants(reason="workspaces whose old conversations may be due"):
        return list(db.session.scalars(select(RetentionRule.workspace_id).distinct()))


def workspaces_with_tombstones() -> list[UUID]:
    with across_tenants(reason="erase again after a restore"):
        return list(db.session.scalars(select(Erasure.workspace_id).distinct()))


def expired_exports(moment: datetime, *, limit: int) -> Sequence[PersonExport]:
    """Needs `across_tenants`."""
    return db.session.scalars(select(PersonExport).where(PersonExport.expires_at <= moment).limit(limit)).all()


def _count(statement: object) -> int:
    return db.session.scalar(statement) or 0  # type: ignore[call-overload]
