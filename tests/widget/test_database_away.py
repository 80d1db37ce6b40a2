"""While the database is away nobody is told that a message was taken, and the socket outlives it."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from chatapp.common.realtime.frames import CloseCode
from chatapp.widget.live import VisitorSocket
from tests.factories import Company, make_company
from tests.support.visitor import Visitor


class Line:
    """Stands for a connection and remembers what was said on it."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.closed: int | None = None

    def send(self, text: str) -> None:
        self.said.append(json.loads(text))

    def close(self, code: int = CloseCode.NORMAL, reason: str = "") -> None:
        self.closed = code

    def identify(self, **_who: object) -> None: ...

    def subscribe(self, _topic: str) -> None: ...

    def unsubscribe(self, _topic: str) -> None: ...


@pytest.fixture
def visitor(app: Flask, client: FlaskClient) -> Visitor:
    company: Company = make_company(app)
    return Visitor(client, company.site_key)


def away(*_arguments: object, **_names: object) -> None:
    raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))


def say(app: Flask, socket: VisitorSocket, frame: dict[str, object]) -> None:
    with app.app_context():
        socket.receive(json.dumps(frame))


def test_a_message_meanwhile_is_refused_and_taken_afterwards(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line()
    socket = VisitorSocket(line, locale="en")  # type: ignore[arg-type]
    say(app, socket, {"type": "auth", "token": visitor.token})
    frame: dict[str, object] = {"type": "send", "client_id": str(uuid4()), "text": "hello"}
    with monkeypatch.context() as patch:
        patch.setattr("chatapp.widget.live.authenticate", away)
        say(app, socket, frame)
    refused = line.said[-1]
    assert (refused["type"], refused["status"], refused["client_id"]) == ("error", 503, frame["client_id"])
    assert refused["retry_after"] > 0
    assert line.closed is None
    say(app, socket, frame)
    assert line.said[-1]["type"] == "ack"


def test_a_failed_commit_is_never_acknowledged(app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    socket = VisitorSocket(line, locale="en")  # type: ignore[arg-type]
    say(app, socket, {"type": "auth", "token": visitor.token})
    with monkeypatch.context() as patch:
        patch.setattr("chatapp.common.unit_of_work.commit", away)
        say(app, socket, {"type": "send", "client_id": str(uuid4()), "text": "hello"})
    assert [frame["type"] for frame in line.said] == ["heartbeat", "error"]


def test_who_cannot_be_recognised_now_is_asked_to_come_back(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line()
    monkeypatch.setattr("chatapp.widget.live.authenticate", away)
    say(app, VisitorSocket(line, locale="en"), {"type": "auth", "token": visitor.token})  # type: ignore[arg-type]
    assert (line.closed, line.said) == (CloseCode.TRY_AGAIN_LATER, [])
