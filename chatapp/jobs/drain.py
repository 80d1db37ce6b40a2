"""The one job: deliver what a workspace's outbox holds, each delivery in a unit of work of its own."""

from __future__ import annotations

import traceback
from uuid import UUID

import structlog

from chatapp.common import events, outbox, queue
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.jobs import outside

log = structlog.get_logger()

_BATCH = 20
_ROUNDS = 25


def drain(workspace: str) -> None:
    """Deliver until nothing is due; after `_ROUNDS` batches ring again, so that other workspaces get their turn.

    What waits for machines of others is handed to the lane for that first.
    """
    workspace_id = UUID(workspace)
    queue.answer(workspace_id)
    names = events.outside_handlers()
    outside.work_off(_drain_outside, workspace_id)
    for _round in range(_ROUNDS):
        with unit_of_work(workspace_id):
            batch = outbox.lease_due(_BATCH, but=names)
        if not batch:
            return
        for delivery_id in batch:
            deliver(workspace_id, delivery_id)
    queue.ring(workspace_id)


def _drain_outside(workspace_id: UUID) -> None:
    """One at a time, for a lease is not long enough to wait for several. The clock rings for what is left."""
    names = events.outside_handlers()
    for _round in range(_BATCH):
        if outside.is_over():
            return
        with unit_of_work(workspace_id):
            batch = outbox.lease_due(1, of=names)
        for delivery_id in batch:
            deliver(workspace_id, delivery_id)
        if not batch:
            return


def deliver(workspace_id: UUID, delivery_id: UUID) -> None:
    """Run one handler. Its work and the mark that it is done are one transaction; a failure is recorded in another."""
    try:
        with unit_of_work(workspace_id):
            _run(delivery_id)
    except Exception:
        log.exception("delivery.failed", delivery=str(delivery_id))
        with unit_of_work(workspace_id):
            _record_failure(delivery_id, traceback.format_exc(limit=-3))


def _run(delivery_id: UUID) -> None:
    delivery = outbox.held_delivery(delivery_id)
    if delivery is None:
        return
    handler = events.later_handler(delivery.handler)
    handler(events.Event.restore(delivery.event.name, delivery.event.payload))
    delivery.succeed()


def _record_failure(delivery_id: UUID, error: str) -> None:
    delivery = outbox.held_delivery(delivery_id)
    if delivery is not None:
        delivery.fail(error, now())
        db.session.flush()
