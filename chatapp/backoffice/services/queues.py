"""Have what died tried again, or give it up: one, or all of a kind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import update

from chatapp.auth.models import User
from chatapp.backoffice.services import log
from chatapp.common import postbox
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.outbox import DISCARDED, OutboxDelivery, again
from chatapp.common.postbox import OutgoingMail
from chatapp.common.tenancy import across_tenants


def retry_deliveries(handler: str, *, only: UUID | None = None, by: User) -> int:
    """Of every workspace, or one. Returns how many; raises `AppError` 404 when there is none."""
    return _deliveries(handler, again(now()), "deliveries.retried", only, by)


def discard_deliveries(handler: str, *, only: UUID | None = None, by: User) -> int:
    """Of every workspace, or one. Returns how many; raises `AppError` 404 when there is none."""
    return _deliveries(handler, DISCARDED, "deliveries.discarded", only, by)


def retry_letters(kind: str, *, only: UUID | None = None, by: User) -> int:
    """Those that still know what to say. Returns how many; raises `AppError` 404 when there is none."""
    statement = update(OutgoingMail).where(postbox.can_be_retried()).values(**again(now()))
    return _letters(statement, kind, "letters.retried", only, by)


def discard_letters(kind: str, *, only: UUID | None = None, by: User) -> int:
    """Forget them. Returns how many; raises `AppError` 404 when there is none."""
    statement = update(OutgoingMail).values(state="dropped", facts=None)
    return _letters(statement, kind, "letters.discarded", only, by)


def _deliveries(handler: str, values: dict[str, Any], action: str, only: UUID | None, by: User) -> int:
    dead = (OutboxDelivery.state == "dead") & (OutboxDelivery.handler == handler)
    if only is not None:
        dead &= OutboxDelivery.id == only
    statement = update(OutboxDelivery).where(dead).values(**values).returning(OutboxDelivery.id)
    with across_tenants(reason="an operator decides about deliveries that died"):
        return _recorded(statement, handler, action, by)


def _letters(statement: Any, kind: str, action: str, only: UUID | None, by: User) -> int:
    statement = statement.where(OutgoingMail.state == "dead", OutgoingMail.kind == kind)
    if only is not None:
        statement = statement.where(OutgoingMail.id == only)
    return _recorded(statement.returning(OutgoingMail.id), kind, action, by)


def _recorded(statement: Any, kind: str, action: str, by: User) -> int:
    options = {"synchronize_session": False}
    count = len(db.session.scalars(statement.execution_options(**options)).all())
    if not count:
        raise not_found()
    log.record(action, by=by, target_name=kind, count=count)
    return count
