"""Who speaks: the one place where a token becomes a visitor, and where the visitor's workspace is entered."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from chatapp.common import tenancy
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.endusers import queries as endusers
from chatapp.privacy import queries as privacy
from chatapp.projects.models import Project
from chatapp.widget import tokens
from chatapp.widget.tokens import VisitorToken


@dataclass(frozen=True)
class Visitor:
    """Somebody on a project's site. `is_known` once they have written."""

    project: Project
    token: VisitorToken
    is_known: bool
    merged_into_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """Becomes the end user's id with the first message."""
        return self.token.visitor_id

    @property
    def contact_id(self) -> UUID:
        """Whom the team takes them for: somebody else after a merge. They still read only what is their own."""
        return self.merged_into_id or self.id


def authenticate(text: str) -> Visitor:
    """The visitor whose token this is; their workspace is entered. Raises `AppError` 401, or 403 while it is shut."""
    token = tokens.read(text)
    visitor = _with_standing(token) if token else None
    if visitor is None:
        raise AppError(401, _("Your chat session has ended. Open the chat again."))
    return visitor


def recognise(project: Project, text: str | None) -> Visitor:
    """The visitor who comes back to this (entered) project with a token, or a new one if the token is no good here."""
    token = tokens.read(text) if text else None
    visitor = _of(token, project) if token and token.project_id == project.id else None
    return visitor or Visitor(project, tokens.issue(project), is_known=False)


def entered(project: Project) -> Project:
    """The project as a row of the current session, inside its workspace. Raises `AppError` 403 while that is shut."""
    _refuse_shut(project)
    tenancy.enter(project.workspace_id)
    return db.session.merge(project, load=False)


def _with_standing(token: VisitorToken) -> Visitor | None:
    tenancy.enter(token.workspace_id)
    found = endusers.project_and_standing(token.project_id, token.visitor_id, token.hash)
    if found is None:
        return None
    _refuse_shut(found[0])
    return _judged(found[0], token, found[1], found[2])


def _refuse_shut(project: Project) -> None:
    if project.workspace.is_suspended:
        raise AppError(403, _("This chat is closed at the moment."))
    if project.is_archived:
        raise AppError(403, _("This chat is not in use any more."))


def _of(token: VisitorToken, project: Project) -> Visitor | None:
    return _judged(project, token, endusers.holds(token.visitor_id, token.hash))


def _judged(
    project: Project, token: VisitorToken, accepted: bool | None, merged_into_id: UUID | None = None
) -> Visitor | None:
    """None if the visitor has written, but never with this token (it was revoked, or never accepted), or was erased."""
    if accepted is False or (accepted is None and privacy.is_erased(token.visitor_id)):
        return None
    return Visitor(project, token, is_known=accepted is not None, merged_into_id=merged_into_id)
