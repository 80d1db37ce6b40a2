"""The clock: `python -m chatapp.jobs.schedule`. One at a time does the work, however many are started."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import FrameType
from uuid import UUID

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from chatapp.app import create_app
from chatapp.auth.services import housekeeping
from chatapp.backoffice.services.impersonation import end_what_is_over
from chatapp.common import outbox, postbox, queue
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.common.vitals import CLOCK_LOCK
from chatapp.conversations import queries as conversations
from chatapp.jobs import closing, contacts, files, link_cards, notifications, privacy, queues, search
from chatapp.messages import queries as message_queries
from chatapp.messages import services as messages
from chatapp.scheduled import queries as scheduled_queries
from chatapp.scheduled import services as scheduled
from chatapp.sla import queries as sla
from chatapp.sla.services import clocks
from chatapp.undo import services as undo
from chatapp.unseen import queries as unseen_queries
from chatapp.unseen import services as unseen

log = structlog.get_logger()

_TICK_SECONDS = 1.0
_BATCH = 100


@dataclass(frozen=True)
class Periodic:
    """Work that runs every so many ticks (a tick is a second)."""

    every: int
    run: Callable[[], None]


def relay() -> None:
    """Ring for every workspace whose deliveries nobody holds: the process died between commit and doorbell."""
    with unit_of_work(), across_tenants(reason="find workspaces with deliveries left over"):
        waiting = outbox.workspaces_with_due_deliveries()
    for workspace_id in waiting:
        queue.ring(workspace_id)


def relay_mail() -> None:
    """Ring when letters wait. Nobody rings at once for mail: a second does no harm to a letter."""
    with unit_of_work():
        is_waiting = postbox.has_due()
    if is_waiting:
        queue.ring_mail()


def sweep_accounts() -> None:
    """Delete what is over: registrations that nobody completed, links, wrong tries and log-ins long ago."""
    with unit_of_work():
        housekeeping.sweep()


def forget_dead_letters() -> None:
    with unit_of_work():
        postbox.forget_the_dead()


def forget_deeds() -> None:
    with unit_of_work(), across_tenants(reason="deeds that nobody may take back any more"):
        undo.forget(over_at=now())


def watch_clocks() -> None:
    """Warn of targets that are due soon, and call late what is late: each conversation in a unit of work of its own."""
    moment = now()
    with unit_of_work(), across_tenants(reason="find targets that are due in any workspace"):
        due = sla.due(moment, _BATCH)
    _with_each(due, lambda conversation_id: clocks.check(conversation_id, at=moment))


def wake_snoozed() -> None:
    """Open what was snoozed until now: each conversation in a unit of work of its own."""
    moment = now()
    with unit_of_work(), across_tenants(reason="find conversations whose snooze is over in any workspace"):
        due = conversations.due_to_wake(moment, _BATCH)
    _with_each(due, lambda conversation_id: messages.wake(conversation_id, at=moment))


def close_idle() -> None:
    """Close what was answered and where nothing happened since: each conversation in a unit of work of its own."""
    moment = now()
    with unit_of_work(), across_tenants(reason="find idle conversations in any workspace"):
        due = message_queries.idle(moment, _BATCH)
    _with_each(due, lambda conversation_id: messages.close_idle(conversation_id, at=moment))


def send_scheduled() -> None:
    """Send what was scheduled until now, and hold what the visitor was quicker than: each by itself."""
    moment = now()
    with unit_of_work(), across_tenants(reason="find replies that are due in any workspace"):
        due = scheduled_queries.to_look_at(moment, _BATCH)
    _with_each(due, lambda reply_id: scheduled.look_at(reply_id, at=moment))


def write_of_unseen() -> None:
    """Answers that visitors have not seen go out by mail: each conversation in a unit of work of its own."""
    with unit_of_work(), across_tenants(reason="find answers of any workspace that may not have been seen"):
        due = unseen_queries.due(now(), _BATCH)
    _with_each(due, unseen.write)


def _with_each(due: Iterable[tuple[UUID, UUID]], work: Callable[[UUID], None]) -> None:
    """One that fails is looked at again at the next tick, and keeps nobody else waiting."""
    for workspace_id, its_id in due:
        try:
            with unit_of_work(workspace_id):
                work(its_id)
        except DBAPIError:
            raise
        except Exception:
            log.exception("clock.conversation_failed", its_id=str(its_id))


SCHEDULE = (
    Periodic(every=1, run=relay),
    Periodic(every=1, run=relay_mail),
    Periodic(every=10, run=queues.sweep),
    Periodic(every=1, run=watch_clocks),
    Periodic(every=1, run=wake_snoozed),
    Periodic(every=1, run=send_scheduled),
    Periodic(every=10, run=close_idle),
    Periodic(every=10, run=write_of_unseen),
    Periodic(every=2, run=search.look_through),
    Periodic(every=600, run=search.look_back),
    Periodic(every=3600, run=sweep_accounts),
    Periodic(every=60, run=end_what_is_over),
    Periodic(every=3600, run=forget_dead_letters),
    Periodic(every=300, run=forget_deeds),
    Periodic(every=5, run=closing.purge),
    Periodic(every=60, run=closing.remind),
    Periodic(every=300, run=privacy.drop_old_exports),
    Periodic(every=10, run=privacy.purge_deleted),
    Periodic(every=300, run=contacts.drop_old_files),
    Periodic(every=3600, run=privacy.begin_retention),
    Periodic(every=300, run=notifications.forget_old),
    Periodic(every=2, run=notifications.release_pushes),
    Periodic(every=10, run=notifications.write_letters),
    Periodic(every=60, run=notifications.write_digests),
    Periodic(every=600, run=link_cards.forget_over),
    Periodic(every=600, run=files.forget_unused),
    Periodic(every=10, run=files.delete_discarded),
)


def run(stop: threading.Event) -> None:
    """Tick until told to stop. A database that is away is waited for."""
    tick = 0
    while not stop.is_set():
        try:
            with db.engine.connect() as connection:
                while not stop.is_set() and _in_charge(connection):
                    _tick(tick)
                    tick += 1
                    stop.wait(_TICK_SECONDS)
        except DBAPIError as error:
            log.warning("clock.database_unreachable", error=str(error.orig))
        stop.wait(_TICK_SECONDS)


def _in_charge(connection: Connection) -> bool:
    """Hold the lock for as long as this connection lives; taking it again is harmless and proves that it lives."""
    held: bool = connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": CLOCK_LOCK}).scalar_one()
    connection.commit()
    return held


def _tick(number: int) -> None:
    for periodic in SCHEDULE:
        if number % periodic.every == 0:
            try:
                periodic.run()
            except DBAPIError:
                raise
            except Exception:
                log.exception("clock.job_failed", job=periodic.run.__name__)


def main() -> None:
    app = create_app()
    stop = threading.Event()

    def finish(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    with app.app_context():
        run(stop)


if __name__ == "__main__":
    main()
