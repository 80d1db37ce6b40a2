"""The later lane: each delivery once, failures tried again, the dead kept for a person."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from chatapp.common import outbox, queue
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxDelivery
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EndUser
from chatapp.jobs.drain import deliver, drain
from chatapp.jobs.schedule import relay
from tests.factories import Company, inside, make_company

NOTE = OutboxDelivery.handler == "endusers.handlers.note_message"  # the one that these tests watch


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def _state(app: Flask, company: Company) -> list[tuple[str, int]]:
    with inside(app, company):
        rows = db.session.execute(select(OutboxDelivery.state, OutboxDelivery.attempts).where(NOTE)).all()
        return [(row[0], row[1]) for row in rows]


def _count(app: Flask, company: Company) -> int:
    with inside(app, company):
        return db.session.scalars(select(EndUser.message_count)).one()


def test_draining_runs_each_handler_once(app: Flask, acme: Company) -> None:
    with app.app_context():
        drain(str(acme.workspace_id))
        drain(str(acme.workspace_id))
    assert _state(app, acme) == [("done", 1)]
    assert _count(app, acme) == 1


def test_a_failing_handler_is_tried_again_later_and_leaves_nothing_half_done(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_halfway(end_user_id: UUID, **_: object) -> None:
        db.session.execute(update(EndUser).values(message_count=99))
        raise RuntimeError("halfway")

    with monkeypatch.context() as patched, app.app_context():
        patched.setattr(endusers, "note_message", fail_halfway)
        drain(str(acme.workspace_id))
    assert _state(app, acme) == [("pending", 1)]
    assert _count(app, acme) == 0
    with inside(app, acme):
        waiting = db.session.scalars(select(OutboxDelivery).where(NOTE)).one()
        assert waiting.available_at > now()
        assert "halfway" in (waiting.last_error or "")
        waiting.available_at = now()
    with app.app_context():
        drain(str(acme.workspace_id))
    assert _state(app, acme) == [("done", 2)]
    assert _count(app, acme) == 1


def test_after_the_last_attempt_a_delivery_is_dead(app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("never works")

    monkeypatch.setattr(endusers, "note_message", fail)
    with inside(app, acme):
        db.session.execute(update(OutboxDelivery).values(attempts=outbox.MAX_ATTEMPTS - 1))
    with app.app_context():
        drain(str(acme.workspace_id))
    assert _state(app, acme) == [("dead", outbox.MAX_ATTEMPTS)]


def test_what_kills_the_process_each_time_waits_for_a_person_at_last(app: Flask, acme: Company) -> None:
    for _death in range(outbox.MAX_ATTEMPTS):
        with inside(app, acme):
            assert outbox.lease_due(10)
            db.session.execute(update(OutboxDelivery).values(leased_until=now()))
    with app.app_context():
        drain(str(acme.workspace_id))
    assert _state(app, acme) == [("dead", outbox.MAX_ATTEMPTS)]
    assert _count(app, acme) == 0


def test_what_somebody_holds_is_left_alone_until_the_lease_is_over(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        held = outbox.lease_due(10)
        assert len(held) == 4  # one for each handler
    with inside(app, acme):
        assert outbox.lease_due(10) == []
        db.session.execute(update(OutboxDelivery).values(leased_until=now()))
    with inside(app, acme):
        assert outbox.lease_due(10) == held


def test_another_workspaces_delivery_is_not_run(app: Flask, acme: Company) -> None:
    globex = make_company(app, "globex")
    with inside(app, acme):
        foreign = db.session.scalars(select(OutboxDelivery.id).where(NOTE)).one()
    with app.app_context():
        deliver(globex.workspace_id, foreign)
    assert _state(app, acme) == [("pending", 0)]


def test_the_relay_rings_for_what_was_left_behind(app: Flask, acme: Company) -> None:
    with app.app_context():
        queue.redis().flushdb()
        relay()
        assert queue.jobs().count == 1
        relay()
        assert queue.jobs().count == 1


def test_ringing_without_redis_is_quiet(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from redis import Redis

    monkeypatch.setitem(app.extensions, "chatapp.redis", Redis(host="127.0.0.1", port=1))
    with app.app_context():
        queue.ring(uuid7())
        queue.ring(uuid7())
    monkeypatch.setattr(queue, "_silent_until", 0.0)
