"""Reads about contacts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import contains_eager

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.endusers.models import EndUser, EndUserNote, VisitorSession
from chatapp.projects.models import Project
from chatapp.workspaces.models import Workspace


def end_user(end_user_id: UUID, *, lock: bool = False) -> EndUser | None:
    """A contact of the current workspace; locked until the transaction ends if asked."""
    statement = select(EndUser).where(EndUser.id == end_user_id)
    return db.session.scalar(statement.with_for_update() if lock else statement)


def end_users(ids: Collection[UUID]) -> Sequence[EndUser]:
    """Those of these contacts that there are."""
    return db.session.scalars(select(EndUser).where(EndUser.id.in_(ids))).all()


def is_blocked(end_user_id: UUID) -> bool:
    """Whether nothing of theirs is taken; not, for who has not written yet."""
    blocked = EndUser.blocked_at.is_not(None)
    return db.session.scalar(select(EndUser.id).where(EndUser.id == end_user_id, blocked)) is not None


def by_emails(emails: Collection[str]) -> dict[str, EndUser]:
    """Contacts by their mail address in small letters; of several with one address the newest."""
    keys = {email.lower() for email in emails}
    found = select(EndUser).where(EndUser.email_key.in_(keys)).order_by(EndUser.id)
    return {str(row.email_key): row for row in db.session.scalars(found)}


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


def project_and_standing(project_id: UUID, end_user_id: UUID, token_hash: str) -> tuple[Project, bool | None] | None:
    """A project of the current workspace (with that), and what `holds` says, in one query; None if there is none, or
    the workspace is closed."""
    accepted = case((EndUser.id.is_not(None), _accepted(end_user_id, token_hash)))
    row = db.session.execute(
        select(Project, accepted)
        .join(Project.workspace)
        .outerjoin(EndUser, EndUser.id == end_user_id)
        .where(Project.id == project_id, Workspace.closed_at.is_(None))
        .options(contains_eager(Project.workspace))
    ).one_or_none()
    return (row[0], row[1]) if row else None


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
