"""The visitor's token: signed, opaque to whoever carries it, naming a workspace, a project and a visitor.

It exists before any row does, because a page view must not write. With the first message its hash is stored, and from
then on only tokens with a stored hash are good: so a token can be revoked, and a database leak reveals none.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from chatapp.common.ids import uuid7
from chatapp.projects.models import Project

LIFETIME = timedelta(days=30)
ROTATED_AFTER = timedelta(days=1)
_SALT = "chatapp.widget.visitor.2"
_RANDOM_BYTES = 16


@dataclass(frozen=True)
class VisitorToken:
    """A token and what it says."""

    text: str
    workspace_id: UUID
    project_id: UUID
    visitor_id: UUID
    issued_at: datetime

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def expires_at(self) -> datetime:
        return self.issued_at + LIFETIME

    @property
    def is_due_for_rotation(self) -> bool:
        return datetime.now(UTC) - self.issued_at > ROTATED_AFTER


def issue(project: Project, visitor_id: UUID | None = None) -> VisitorToken:
    """A token for this visitor, or for somebody new."""
    ids = (project.workspace_id, project.id, visitor_id or uuid7())
    names = [*(each.hex for each in ids), secrets.token_urlsafe(_RANDOM_BYTES)]
    token = read(_signer().dumps(names))
    assert token is not None
    return token


def read(text: str) -> VisitorToken | None:
    """What the token says, or None if it is not one of ours or is too old."""
    try:
        (*names, _random), issued_at = _signer().loads(
            text, max_age=int(LIFETIME.total_seconds()), return_timestamp=True
        )
    except BadSignature:
        return None
    workspace_id, project_id, visitor_id = map(UUID, names)
    return VisitorToken(text, workspace_id, project_id, visitor_id, issued_at)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key, salt=_SALT)  # type: ignore[arg-type]
