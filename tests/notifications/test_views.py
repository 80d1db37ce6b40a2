"""The list and the bell: what a member sees there, what they have read, and what a heartbeat tells of it."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.realtime import broadcast, topics
from chatapp.inbox import pulse
from chatapp.messages import services as messages
from chatapp.notifications import queries
from tests.factories import Company, inside, make_role, visitor_writes
from tests.notifications.conftest import Told
from tests.support.web_client import log_in, post

PATH = "/w/acme/notifications"


@pytest.fixture
def agent(client: FlaskClient, told: Told, acme: Company) -> FlaskClient:
    """The agent's browser; a conversation was given to them, and its visitor wrote."""
    with inside(told.app, acme) as it:
        it.conversation.end_user.name = "Ada"
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
    visitor_writes(told.app, acme, "Where is it?", "Hello?")
    told.work()
    log_in(client, acme.email("agent"))
    return client


def unread(client: FlaskClient) -> str:
    """What the bell is called, read aloud."""
    return client.get(f"{PATH}/bell").text.partition('aria-label="')[2].partition('"')[0]


def test_a_line_says_who_and_what_and_leads_there(agent: FlaskClient, acme: Company) -> None:
    page = agent.get(PATH).text
    assert "Assigned to you · 2 new messages" in page
    assert f'href="/w/acme/inbox/{acme.conversation_id}"' in page
    assert page.count('id="notification-') == 1
    assert unread(agent) == "Notifications, 1 unread"


def test_one_line_all_of_them_or_a_conversation_is_read(agent: FlaskClient, told: Told, acme: Company) -> None:
    line = f"{PATH}/{told.line('agent')}/reading"
    for path in (line, f"{PATH}/reading", f"/w/acme/conversations/{acme.conversation_id}/notifications/reading"):
        visitor_writes(told.app, acme, "Hello?")
        told.work()
        assert unread(agent) == "Notifications, 1 unread"
        assert post(agent, path, {}, HX_Request="true").status_code in (200, 204)
        assert unread(agent) == "Notifications"
    assert "Ada" in agent.get(PATH).text
    assert "You are up to date" in agent.get(f"{PATH}?show=unread").text


@pytest.mark.usefixtures("agent")
def test_another_member_s_line_does_not_exist(app: Flask, told: Told, acme: Company) -> None:
    admin = app.test_client()
    log_in(admin, acme.email("admin"))
    assert post(admin, f"{PATH}/{told.line('agent')}/reading", {}).status_code == 404
    assert told.of("agent") != []


def test_what_goes_out_of_sight_goes_from_the_list(agent: FlaskClient, told: Told, acme: Company) -> None:
    with inside(told.app, acme) as it:
        it.member("agent").take(make_role("Narrow", "conversations.reply", visibility="own"))
    assert "Ada" in agent.get(PATH).text
    with inside(told.app, acme) as it:
        messages.assign(it.conversation, to=it.member("admin"), by=it.member("owner"))
    assert "Ada" not in agent.get(PATH).text
    assert unread(agent) == "Notifications"


def test_the_list_comes_in_pages(
    agent: FlaskClient, told: Told, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.lines_of, "__kwdefaults__", {"only_unread": False, "cursor": None, "limit": 1})
    visitor_writes(told.app, acme, "Good morning", name="Zoe")
    told.work()
    first = agent.get(PATH).text
    assert ("Zoe" in first, "Ada" in first) == (True, False)
    cursor = first.partition("cursor=")[2].partition('"')[0]
    second = agent.get(f"{PATH}?cursor={cursor}").text
    assert ("Zoe" in second, "Ada" in second) == (False, True)
    assert agent.get(f"{PATH}?cursor=nonsense").status_code == 400


def test_those_who_were_told_get_a_hint_without_content(
    app: Flask, told: Told, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: dict[str, str] = {}
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
    monkeypatch.setattr(broadcast, "publish", heard.__setitem__)
    told.work()
    topic = topics.member(acme.workspace_id, acme.members["agent"])
    assert {name: text for name, text in heard.items() if ":member:" in name} == {
        topic: json.dumps({"type": "notifications"})
    }


def test_a_heartbeat_tells_that_something_is_unread(app: Flask, told: Told, acme: Company) -> None:
    """A hint may be lost: then the mark differs from the one before."""
    topic = topics.member(acme.workspace_id, acme.members["agent"])
    look = pulse.source(app)
    assert look(frozenset({topic}))[topic] == {"notifications": ""}
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
    told.work()
    first = look(frozenset({topic}))[topic]["notifications"]
    visitor_writes(app, acme, "Hello?")
    told.work()
    assert look(frozenset({topic}))[topic]["notifications"] not in ("", first)


def test_a_reply_to_a_conversation_that_is_gone_tells_nobody(app: Flask, told: Told, acme: Company) -> None:
    with inside(app, acme) as it:
        messages.send_reply(it.conversation, by=it.member("owner"), text="Hello", client_id=uuid7())
    with inside(app, acme) as it:
        db.session.delete(it.conversation)
    assert told.of("agent") == []
