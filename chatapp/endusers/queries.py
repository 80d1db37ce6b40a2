"""Reads about contacts."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError, not_found
from chatapp.endusers.models import EMAIL, PHONE, EndUser, EndUserIdentity, EndUserNote, VisitorSession
from chatapp.projects.models import Project
from chatapp.workspaces.models import Workspace


def end_user(end_user_id: UUID, *, lock: bool = False) -> EndUser | None:
    """A contact of the current workspace; locked until the transaction ends if asked."""
    statement = select(EndUser).where(EndUser.id == end_user_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement)


def locked(end_user_id: UUID) -> EndUser:
    """A contact that somebody has in front of them, locked: what is written down about them now stays with them.

    Raises `AppError` 404, 409 if they were merged at this moment.
    """
    found = end_user(end_user_id, lock=True)
    if found is None:
        raise not_found()
    if found.merged_into_id is not None:
        raise AppError(409, _("Somebody has changed this contact meanwhile. Look again."))
    return found


def holder(end_user_id: UUID) -> EndUser | None:
    """The contact of this id, or the one they were merged into."""
    return holders([end_user_id]).get(end_user_id)


def holders(ids: Collection[UUID]) -> dict[UUID, EndUser]:
    """The contacts of these ids, or the ones they were merged into, by what was asked for."""
    asked = aliased(EndUser)
    theirs = EndUser.id == func.coalesce(asked.merged_into_id, asked.id)
    found = select(asked.id, EndUser).join(EndUser, theirs).where(asked.id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(found)}


def merged_ids(end_user_id: UUID) -> list[UUID]:
    """Who was merged into a contact."""
    return list(
        db.session.scalars(select(EndUser.id).where(EndUser.merged_into_id == end_user_id).order_by(EndUser.id))
    )


def locked_pair(one: UUID, other: UUID) -> tuple[EndUser, EndUser]:
    """Both, in the order asked for, locked in the order of their ids, which whoever locks several contacts keeps.

    Raises `AppError` 404.
    """
    both = select(EndUser).where(EndUser.id.in_((one, other))).order_by(EndUser.id).with_for_update()
    found = {row.id: row for row in db.session.scalars(both.execution_options(populate_existing=True))}
    if one not in found or other not in found:
        raise not_found()
    return found[one], found[other]


def is_blocked(end_user_id: UUID) -> bool:
    """Whether nothing of theirs is taken; not, for who has not written yet."""
    blocked = EndUser.blocked_at.is_not(None)
    return db.session.scalar(select(EndUser.id).where(EndUser.id == end_user_id, blocked)) is not None


def by_emails(emails: Collection[str]) -> dict[str, EndUser]:
    """Contacts by any mail address of theirs, in small letters: whom it leads to, else the newest who is written down
    with it."""
    keys = {key_of(EMAIL, email) for email in emails}
    written = select(EndUser).where(EndUser.email_key.in_(keys), EndUser.merged_into_id.is_(None)).order_by(EndUser.id)
    known = select(EndUserIdentity.value, EndUser).join(EndUser, EndUser.id == EndUserIdentity.end_user_id)
    known = known.where(EndUserIdentity.kind == EMAIL, EndUserIdentity.value.in_(keys))
    found = {str(row.email_key): row for row in db.session.scalars(written)}
    return found | {row[0]: row[1] for row in db.session.execute(known)}


def known_by(kind: str, value: str, *, project_id: UUID | None = None, lock: bool = False) -> EndUser | None:
    """The contact to whom this leads; an id of a site's own users only on that site (`project_id`)."""
    known = aliased(EndUser)
    theirs = EndUser.id == func.coalesce(known.merged_into_id, known.id)
    statement = select(EndUser).join(known, theirs).join(EndUserIdentity, EndUserIdentity.end_user_id == known.id)
    statement = statement.where(*_way(kind, value, project_id))
    return db.session.scalar(statement.with_for_update(of=EndUser) if lock else statement)


def identities(end_user_id: UUID) -> Sequence[EndUserIdentity]:
    """Every way a contact is known, with its site, by kind, the oldest first."""
    theirs = select(EndUserIdentity).where(EndUserIdentity.end_user_id == end_user_id)
    theirs = theirs.options(joinedload(EndUserIdentity.project))
    return db.session.scalars(
        theirs.order_by(EndUserIdentity.kind, EndUserIdentity.created_at, EndUserIdentity.id)
    ).all()


def identity(identity_id: UUID, end_user_id: UUID) -> EndUserIdentity:
    """One of this contact's. Raises `AppError` 404."""
    theirs = (EndUserIdentity.id == identity_id, EndUserIdentity.end_user_id == end_user_id)
    found = db.session.scalar(select(EndUserIdentity).where(*theirs).options(joinedload(EndUserIdentity.project)))
    if found is None:
        raise not_found()
    return found


def browsers(end_user_id: UUID) -> int:
    """From how many browsers a contact has written that could still write."""
    everybody = select(EndUser.id).where(or_(EndUser.id == end_user_id, EndUser.merged_into_id == end_user_id))
    theirs = (VisitorSession.end_user_id.in_(everybody), VisitorSession.expires_at > now())
    return db.session.scalar(select(func.count(VisitorSession.end_user_id.distinct())).where(*theirs)) or 0


def key_of(kind: str, text: str) -> str:
    """A way of being known as it is kept and looked for: addresses in small letters, phones as what is dialled, and
    everything else letter by letter."""
    text = text.strip()
    if kind == EMAIL:
        return text.lower()
    return re.sub(r"[^0-9+]", "", text) if kind == PHONE else text


def notes(end_user_id: UUID) -> Sequence[EndUserNote]:
    """Everything that the team wrote down about a contact, the oldest first."""
    theirs = select(EndUserNote).where(EndUserNote.end_user_id == end_user_id)
    return db.session.scalars(theirs.order_by(EndUserNote.created_at, EndUserNote.id)).all()


def note(note_id: UUID, end_user_id: UUID) -> EndUserNote:
    """One about this contact. Raises `AppError` 404."""
    theirs = select(EndUserNote).where(EndUserNote.id == note_id, EndUserNote.end_user_id == end_user_id)
    found = db.session.scalar(theirs)
    if found is None:
        raise not_found()
    return found


def holds(end_user_id: UUID, token_hash: str) -> bool | None:
    """Whether this token was accepted for this contact and is not over; None if there is no such contact."""
    return db.session.scalar(
        select(_accepted(end_user_id, token_hash)).select_from(EndUser).where(EndUser.id == end_user_id)
    )


def project_and_standing(
    project_id: UUID, end_user_id: UUID, token_hash: str
) -> tuple[Project, bool | None, UUID | None] | None:
    """A project of the current workspace (with that), what `holds` says, and whom the contact was merged into, in one
    query; None if there is no such project, or the workspace is closed."""
    accepted = case((EndUser.id.is_not(None), _accepted(end_user_id, token_hash)))
    row = db.session.execute(
        select(Project, accepted, EndUser.merged_into_id)
        .join(Project.workspace)
        .outerjoin(EndUser, EndUser.id == end_user_id)
        .where(Project.id == project_id, Workspace.closed_at.is_(None))
        .options(contains_eager(Project.workspace))
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def _way(kind: str, value: str, project_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    of_site = EndUserIdentity.project_id.is_(None) if project_id is None else EndUserIdentity.project_id == project_id
    return EndUserIdentity.kind == kind, EndUserIdentity.value == key_of(kind, value), of_site


def _accepted(end_user_id: UUID, token_hash: str) -> ColumnElement[bool]:
    return (
        select(VisitorSession.id)
        .where(
            VisitorSession.end_user_id == end_user_id,
            VisitorSession.token_hash == token_hash,
            VisitorSession.expires_at > now(),
        )
        .exists()
    )
