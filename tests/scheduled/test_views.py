"""Send later in the thread: works, of others, with nonsense, and what everybody sees of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.clock import now
from chatapp.scheduled import queries
from chatapp.scheduled.models import ScheduledReply
from tests.factories import Company, inside, make_company
from tests.support.web_client import log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def agent(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in(client, acme.email("agent"))
    return client


def path(acme: Company) -> str:
    return f"/w/acme/conversations/{acme.conversation_id}/scheduled-replies"


def tomorrow(**more: str) -> dict[str, object]:
    day = f"{now() + timedelta(days=1):%Y-%m-%d}"
    return {"text": "See <b>you</b>", "client_id": str(uuid4()), "day": day, "time": "10:30", **more}


def waiting(app: Flask, acme: Company) -> list[ScheduledReply]:
    with inside(app, acme):
        return list(queries.waiting(acme.conversation_id))


def test_a_reply_is_scheduled_on_the_workspaces_clock_and_shown_in_the_thread(
    app: Flask, acme: Company, agent: FlaskClient
) -> None:
    with inside(app, acme) as it:
        it.conversation.workspace.time_zone = "Asia/Tokyo"
    menu = agent.get(f"{path(acme)}/moments").text
    assert "Tokyo" in menu
    assert menu.count('name="until"') >= 2
    answer = post(agent, path(acme), tomorrow(only_if_silent="y"))
    assert answer.status_code == 200
    assert "See &lt;b&gt;you&lt;/b&gt;" in answer.text
    (reply,) = waiting(app, acme)
    assert (reply.send_at.hour, reply.send_at.minute, reply.only_if_silent) == (1, 30, True)
    assert f'id="scheduled-reply-{reply.id}"' in agent.get(f"/w/acme/inbox/{acme.conversation_id}").text
    form = agent.get(f"{path(acme)}/{reply.id}").text
    assert 'value="10:30"' in form

    changed = tomorrow(text="Later then", time="23:00")
    assert post(agent, f"{path(acme)}/{reply.id}", changed).status_code == 200
    (reply,) = waiting(app, acme)
    assert (reply.text, reply.send_at.hour, reply.only_if_silent) == ("Later then", 14, False)
    assert "Later then" in post(agent, f"{path(acme)}/{reply.id}", tomorrow(text="Later then")).text
    assert post(agent, f"{path(acme)}/{reply.id}/sending", {}).status_code == 200
    assert waiting(app, acme) == []
    assert post(agent, f"{path(acme)}/{reply.id}/sending", {}).status_code == 404


def test_what_cannot_be_is_told_and_what_was_typed_stays(app: Flask, acme: Company, agent: FlaskClient) -> None:
    for wrong, words in (
        ({"text": " "}, "Write something first."),
        ({"day": "2020-01-01"}, "This moment is over."),
        ({"day": "soon"}, "Choose a day and a time."),
        ({"client_id": "x"}, "The composer lost its number."),
        ({"text": "x" * 10_001}, "This is too long"),
    ):
        refused = post(agent, path(acme), tomorrow(**wrong))
        assert (refused.status_code, words in refused.text) == (422, True), words
        assert 'value="10:30"' in refused.text
    assert waiting(app, acme) == []
    post(agent, path(acme), tomorrow())
    (reply,) = waiting(app, acme)
    refused = post(agent, f"{path(acme)}/{reply.id}", tomorrow(text="Kept", day="2020-01-01"))
    assert (refused.status_code, "Kept</textarea>" in refused.text) == (422, True)
