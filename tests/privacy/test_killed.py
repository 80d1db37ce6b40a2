"""kill -9 in the middle of an erasure: nothing is half gone, another worker goes on, and there is one receipt."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update

from chatapp.common.audit import AuditEntry
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.outbox import OutboxDelivery
from chatapp.jobs import drain
from chatapp.privacy import queries
from tests.factories import Company, inside
from tests.privacy.conftest import CANARY, tables_with, work
from tests.support import processes
from tests.support.web_client import post


def test_another_worker_goes_on_where_a_killed_one_fell(app: Flask, acme: Company, owner: FlaskClient) -> None:
    post(owner, f"/w/acme/privacy/people/{acme.end_user_id}/erasure", {})
    whole = {"end_user", "message", "conversation"}
    url = app.extensions["chatapp.config"].database_url.replace("+psycopg", "")
    with psycopg.connect(url) as somebody:
        # Whoever holds a message makes the erasure wait once the outbox is empty and the person is about to go.
        somebody.execute("SELECT 1 FROM message FOR KEY SHARE")
        with processes.at_work(app, 1, _drain, acme) as (worker,):
            erasing = _whom_it_holds_up(somebody)
            worker.kill()
            worker.join()
        assert whole <= set(tables_with(app, CANARY))
    _ended(app, erasing)
    assert whole <= set(tables_with(app, CANARY))
    assert _receipts(app, acme) == [("pending", {})]

    with inside(app, acme):
        db.session.execute(update(OutboxDelivery).values(leased_until=now()))
    work(app, acme)
    assert tables_with(app, CANARY) == []
    ((state, counts),) = _receipts(app, acme)
    assert (state, counts["conversations"], counts["messages"]) == ("done", 1, 2)
    work(app, acme)
    with inside(app, acme):
        told = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "person.erased")
        assert db.session.scalar(told) == 1


def _drain(app: Flask, _number: int, company: Company) -> None:
    with app.app_context():
        drain.drain(str(company.workspace_id))


def _whom_it_holds_up(connection: psycopg.Connection[Any]) -> int:
    """The backend that waits for a lock of this connection, once there is one."""
    waiting = "SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    for _ in range(processes.PATIENCE * 20):
        found = connection.execute(waiting).fetchone()
        if found is not None:
            return int(found[0])
        time.sleep(0.05)
    raise AssertionError("The erasure did not come to the messages.")


def _ended(app: Flask, backend: int) -> None:
    """Postgres notices that a client is dead when it next has something for it, and rolls back."""
    with app.app_context():
        for _ in range(processes.PATIENCE * 20):
            alive = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
            if not db.session.scalar(alive, {"pid": backend}):
                return
            db.session.rollback()
            time.sleep(0.05)
    raise AssertionError("The backend of the killed worker lives on.")


def _receipts(app: Flask, company: Company) -> list[tuple[str, dict[str, Any]]]:
    with inside(app, company):
        return [(one.state, one.counts) for one in queries.recent_erasures()]
