"""The clock: `python -m chatapp.jobs.schedule`. One at a time does the work, however many are started."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from chatapp.app import create_app
from chatapp.common import outbox, postbox, queue
from chatapp.common.db import db
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work

log = structlog.get_logger()

_TICK_SECONDS = 1.0
_LOCK = 0x63686174  # "chat": the advisory lock of the clock that is in charge


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


SCHEDULE = (Periodic(every=1, run=relay), Periodic(every=1, run=relay_mail))


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
    held: bool = connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}).scalar_one()
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
