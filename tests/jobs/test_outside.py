"""What waits for machines of others waits in a lane of its own."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxDelivery
from chatapp.jobs import outside
from chatapp.jobs.drain import drain
from chatapp.link_cards import services as cards
from chatapp.messages import services as messages
from tests.factories import Company, inside, make_company

PATIENCE = 20


@pytest.fixture
def lane(app: Flask) -> Iterator[outside.Lane]:
    """As the worker has it."""
    opened = outside.open_lane(app)
    yield opened
    opened.end()
    del app.extensions["chatapp.outside_lane"]


def states(app: Flask, company: Company) -> dict[str, set[str]]:
    """What became of what, by whether it waits for others."""
    with inside(app, company):
        rows = db.session.execute(select(OutboxDelivery.handler, OutboxDelivery.state)).all()
    found: dict[str, set[str]] = {"outside": set(), "inside": set()}
    for handler, state in rows:
        found["outside" if handler.startswith("link_cards.") else "inside"].add(state)
    return found


def test_who_does_not_answer_keeps_only_their_own_workspace_s_links_waiting(
    app: Flask, lane: outside.Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme, globex = make_company(app, "acme"), make_company(app, "globex")
    is_asked, answers, seen = Event(), Event(), Event()

    def show(message_id: UUID) -> None:
        if message_id in slow:
            is_asked.set()
            assert answers.wait(PATIENCE)
        else:
            seen.set()

    monkeypatch.setattr(cards, "show", show)
    slow = {say(app, acme), say(app, acme)}
    say(app, globex)
    with app.app_context():
        drain(str(acme.workspace_id))
        assert is_asked.wait(PATIENCE)
        drain(str(acme.workspace_id))  # rung once more meanwhile: they are at it
        drain(str(globex.workspace_id))
    assert seen.wait(PATIENCE)
    assert states(app, acme) == {"outside": {"pending"}, "inside": {"done"}}
    answers.set()
    lane.end()
    assert states(app, globex) == {"outside": {"done"}, "inside": {"done"}}
    # Told to stop it finished what was at hand; the other one waits for the next process.
    assert "done" in states(app, acme)["outside"]


def say(app: Flask, company: Company) -> UUID:
    with inside(app, company) as it:
        by = it.member("agent")
        sent = messages.send_reply(it.conversation, by=by, text="https://example.com/", client_id=uuid7())
        return sent.message.id
