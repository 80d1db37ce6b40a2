"""What the clock does for notifications: letters and pushes about what was not read, digests, and old lines go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from chatapp.common.clock import now
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.notifications import queries, services
from chatapp.notifications.services import letters, pushing

log = structlog.get_logger()

_BATCH = 100
_OLD_BATCH = 1_000


def write_letters() -> None:
    moment = now()
    with unit_of_work(), across_tenants(reason="lines of any workspace about which to write"):
        due = queries.due_letters(moment, _BATCH)
    _with_each(due, lambda notification_id: letters.write(notification_id, at=moment))


def release_pushes() -> None:
    moment = now()
    with unit_of_work(), across_tenants(reason="lines of any workspace of which browsers are to be told"):
        due = queries.due_pushes(moment, _BATCH)
    _with_each(due, lambda notification_id: pushing.release(notification_id, at=moment))


def write_digests() -> None:
    moment = now()
    with unit_of_work(), across_tenants(reason="members of any workspace whose digest is due"):
        due = queries.due_digests(moment, _BATCH)
    _with_each(due, lambda user_id: letters.write_digest(user_id, at=moment))


def forget_old() -> None:
    with unit_of_work(), across_tenants(reason="lines of any workspace that are old"):
        services.forget_old(now(), _OLD_BATCH)


def _with_each(due: Iterable[tuple[UUID, UUID]], work: Callable[[UUID], None]) -> None:
    """One that fails is looked at again at the next tick, and keeps nobody else waiting."""
    for workspace_id, key in due:
        try:
            with unit_of_work(workspace_id):
                work(key)
        except DBAPIError:
            raise
        except Exception:
            log.exception("clock.notification_failed", key=str(key))
