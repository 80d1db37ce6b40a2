"""Who follows a conversation: whoever has it, whoever is called there, whoever chooses to; and where they find it."""

import json
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chatapp.common.ids import uuid7
from chatapp.conversations import queries
from chatapp.messages import services
from tests.factories import Company, inside, make_company, make_role
from tests.support.web_client import csrf_token, log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def agent(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in(client, acme.email("agent"))
    return client


def follow(client: FlaskClient, company: Company, user_id: UUID, method: str = "PUT") -> TestResponse:
    headers = {"HX-Request": "true", "X-CSRFToken": csrf_token(client), "Origin": "http://localhost"}
    path = f"/w/acme/conversations/{company.conversation_id}/participants/{user_id}"
    return client.open(path, method=method, headers=headers)


def followers(app: Flask, company: Company) -> list[str | None]:
    with inside(app, company) as it:
        return [one["name"] for one in it.conversation.participants]


def test_one_joins_and_leaves_and_it_can_be_undone(app: Flask, agent: FlaskClient, acme: Company) -> None:
    joined = follow(agent, acme, acme.members["agent"])
    assert (joined.status_code, followers(app, acme)) == (200, ["Agent"])
    toast = json.loads(joined.headers["HX-Trigger"])["toast"]
    assert toast["text"] == "You follow this now."
    post(agent, toast["undo"], {}, HX_Request="true")
    assert followers(app, acme) == []
    for method, there in (("PUT", ["Agent"]), ("PUT", ["Agent"]), ("DELETE", []), ("DELETE", [])):
        assert follow(agent, acme, acme.members["agent"], method).status_code == 200
        assert followers(app, acme) == there


def test_whoever_has_it_or_is_called_in_a_note_follows_it_from_then_on(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        services.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
        services.assign(it.conversation, to=None, by=it.member("owner"))
        services.send_reply(it.conversation, by=it.member("agent"), text="@Owner ?", client_id=uuid7(), private=True)
    assert followers(app, acme) == ["Agent", "Owner"]


def test_an_assignment_that_is_undone_leaves_nobody_behind(app: Flask, agent: FlaskClient, acme: Company) -> None:
    form = {"assignee_id": str(acme.members["owner"])}
    given = post(agent, f"/w/acme/conversations/{acme.conversation_id}/assignment", form, HX_Request="true")
    follow(agent, acme, acme.members["agent"])
    assert followers(app, acme) == ["Owner", "Agent"]
    undo = json.loads(given.headers["HX-Trigger"])["toast"]["undo"]
    assert post(agent, undo, {}, HX_Request="true").status_code == 204
    assert followers(app, acme) == ["Agent"]


def test_the_view_holds_what_is_open_and_followed(app: Flask, agent: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        it.another_conversation()
    follow(agent, acme, acme.members["agent"])
    me = acme.members["agent"]
    with inside(app, acme) as it:
        assert [it.id for it in queries.page_of("participating", me=me).rows] == [acme.conversation_id]
        assert queries.counts(me)["participating"] == 1
        assert queries.counts(acme.members["owner"])["participating"] == 0
        services.close(it.conversation, by=it.member("owner"))
        assert queries.counts(me)["participating"] == 0
    assert agent.get("/w/acme/inbox?view=participating").status_code == 200


def test_nobody_is_asked_to_follow_what_they_do_not_see(app: Flask, agent: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        it.member("viewer").take(make_role("Own only", visibility="own"))
    assert follow(agent, acme, acme.members["viewer"]).status_code == 422
    with inside(app, acme) as it:
        it.member("agent").take(make_role("Reader"))
    assert follow(agent, acme, acme.members["owner"]).status_code == 403
    assert follow(agent, acme, acme.members["agent"]).status_code == 200
    assert followers(app, acme) == ["Agent"]
