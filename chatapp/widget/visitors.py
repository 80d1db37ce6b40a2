"""Who speaks: the one place where a token becomes a visitor, and where the visitor's workspace is entered."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from chatapp.common import tenancy
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.endusers import queries as endusers
from chatapp.projects import queries as projects
from chatapp.projects.models import Project
from chatapp.widget import tokens
from chatapp.widget.tokens import VisitorToken


@dataclass(frozen=True)
class Visitor:
    """Somebody on a project's site. `is_known` once they have written."""

    project: Project
    token: VisitorToken
    is_known: bool

    @property
    def id(self) -> UUID:
        """Becomes the end user's id with the first message."""
        return self.token.visitor_id


def authenticate(text: str) -> Visitor:
    """The visitor whose token this is; their workspace is entered. Raises `AppError` 401."""
    token = tokens.read(text)
    project = token and projects.project_by_id_anywhere(token.project_id)
    visitor = _of(token, entered(project)) if token and project else None
    if visitor is None:
        raise AppError(401, _("Your chat session has ended. Open the chat again."))
    return visitor


def recognise(project: Project, text: str | None) -> Visitor:
    """The visitor who comes back to this (entered) project with a token, or a new one if the token is no good here."""
    token = tokens.read(text) if text else None
    visitor = _of(token, project) if token and token.project_id == project.id else None
    return visitor or Visitor(project, tokens.issue(project.id), is_known=False)


def entered(project: Project) -> Project:
    """The project as a row of the current session, inside its workspace."""
    tenancy.enter(project.workspace_id)
    return db.session.merge(project, load=False)


def _of(token: VisitorToken, project: Project) -> Visitor | None:
    """None if the visitor has written, but never with this token: it was revoked, or never accepted."""
    accepted = endusers.holds(token.visitor_id, token.hash)
    return None if accepted is False else Visitor(project, token, is_known=accepted is not None)
