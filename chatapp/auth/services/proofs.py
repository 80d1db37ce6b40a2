"""Show once more who one is, in a session that is open already."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update

from chatapp.auth import oidc, queries
from chatapp.auth.models import User, UserSession
from chatapp.auth.services import accounts, two_factor
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError


def prove(user: User, secret: str, *, session_id: UUID) -> None:
    """With a code where two-factor is on, else with the password. Raises `AppError` 422, and 429 where the door is
    shut; a failure is recorded in a transaction of its own, which ends the caller's."""
    if two_factor.is_on(user):
        if not two_factor.accepts(user, secret):
            wrong = _("This code is wrong, or was used before. Wait for the next one.")
            raise AppError(422, wrong, fields={"proof": wrong})
    else:
        accounts.check_password(user, secret, field="proof")
    _note(session_id)


def prove_by_identity(user: User, person: oidc.Person, *, session_id: UUID) -> None:
    """With an account at a provider that was connected before. Raises `AppError` 403 for any other."""
    known = queries.identity(person.issuer, person.subject)
    if known is None or known.user_id != user.id:
        raise AppError(403, _("This is not the account that you log in with."))
    _note(session_id)


def _note(session_id: UUID) -> None:
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(proved_at=now()))
