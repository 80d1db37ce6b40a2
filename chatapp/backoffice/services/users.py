"""What operators do to an account: shut it, open it, log it out, let it try again, help it to a new password."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from chatapp.auth import services as auth
from chatapp.auth.models import User
from chatapp.auth.services import api_tokens, lockout, recovery, suspension
from chatapp.backoffice.queries import users
from chatapp.backoffice.services import log
from chatapp.common import limits, postbox
from chatapp.common.errors import AppError


def suspend(user: User, *, reason: str, by: User) -> list[UUID]:
    """Shut it, and return the sessions that this ended, those in which they stood in for others included.

    Raises `AppError` 409, also for one's own account.
    """
    if user.id == by.id:
        raise AppError(409, _("You cannot suspend your own account."))
    suspension.suspend(user, reason=reason)
    log.record("user.suspended", by=by, target_id=user.id, target_name=user.email, reason=reason)
    return _end_everything(user) + auth.end_stand_ins(user)


def restore(user: User, *, by: User) -> None:
    """Raises `AppError` 409 when it is open."""
    suspension.restore(user)
    log.record("user.restored", by=by, target_id=user.id, target_name=user.email)


def log_out(user: User, *, by: User) -> list[UUID]:
    """End every session and every program's tokens; returns the sessions."""
    log.record("user.logged_out", by=by, target_id=user.id, target_name=user.email)
    return _end_everything(user)


def unlock(user: User, *, by: User) -> None:
    """Forget their wrong tries, so that the door opens at once."""
    for door in users.doors(user):
        lockout.note_success(door)
    log.record("user.unlocked", by=by, target_id=user.id, target_name=user.email)


def send_password_letter(user: User, *, by: User) -> None:
    """The same letter as after “forgotten password”. Raises `AppError` 409 without a mail server, 429."""
    if not postbox.is_open():
        raise AppError(409, _("This installation has no mail server: set SMTP_URL."))
    limits.hit(limits.LETTERS, "forgotten-password", user.email.lower())
    recovery.ask(user.email)
    log.record("user.password_letter", by=by, target_id=user.id, target_name=user.email)


def _end_everything(user: User) -> list[UUID]:
    api_tokens.revoke_all(user)
    return auth.end_sessions(user)
