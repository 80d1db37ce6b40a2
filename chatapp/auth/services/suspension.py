"""Accounts that operators have shut. Nobody gets in, by whichever door; what belongs to the account stays."""

from __future__ import annotations

from flask_babel import gettext as _

from chatapp.auth.models import User
from chatapp.common.clock import now
from chatapp.common.errors import AppError


def suspend(user: User, *, reason: str) -> None:
    """Shut the account. Ending its sessions and tokens is the caller's next step. Raises `AppError` 409."""
    if user.is_suspended:
        raise AppError(409, _("This account is suspended already."))
    user.suspended_at, user.suspended_reason = now(), reason


def restore(user: User) -> None:
    """Let them in again. Raises `AppError` 409."""
    if not user.is_suspended:
        raise AppError(409, _("This account is not suspended."))
    user.suspended_at = user.suspended_reason = None


def refuse_suspended(user: User) -> None:
    """Raises `AppError` 403. Only said to whoever has proved that the account is theirs."""
    if user.is_suspended:
        raise AppError(403, _("This account is suspended. Ask those who run this installation."))
