"""Who runs the installation. Only the command line makes operators: whoever has a shell on the server is trusted."""

from __future__ import annotations

from uuid import UUID

from chatapp.auth import services as auth
from chatapp.auth.models import User
from chatapp.backoffice.services import log
from chatapp.common.clock import now


def appoint(user: User) -> bool:
    """Make an operator of an account; False when it is one already."""
    if user.is_operator:
        return False
    user.operator_since = now()
    log.record("operator.created", by=None, target_id=user.id, target_name=user.email)
    return True


def register(*, email: str, name: str, password: str) -> User:
    """An account of its own for an operator. The shell vouches for its address. Raises `AppError` 422."""
    user = auth.register(email=email, password=password, name=name, locale=None)
    user.email_verified_at = now()
    appoint(user)
    return user


def dismiss(user: User) -> list[UUID] | None:
    """They keep their account, and lose the back office at once. Returns the sessions in which they stood in for
    others, which this ended; None when they were no operator."""
    if not user.is_operator:
        return None
    user.operator_since = None
    log.record("operator.revoked", by=None, target_id=user.id, target_name=user.email)
    return auth.end_stand_ins(user)
