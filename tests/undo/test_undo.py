"""What one has just done is taken back: as it was, once, by whoever did it, unless somebody did something meanwhile."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from chatapp.assignment import services as assignment
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxEvent
from chatapp.conversations import services
from chatapp.jobs.schedule import forget_deeds
from chatapp.messages import queries as message_queries
from chatapp.messages import services as messages
from chatapp.undo.models import Deed
from tests.factories import Company, inside, make_company, make_role, make_team, visitor_writes
from tests.support.web_client import csrf_token, log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def agent(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in(client, acme.email("agent"))
    return client


def does(
    client: FlaskClient, company: Company, path: str, form: dict[str, object] | None = None, method: str = "POST"
) -> TestResponse:
    """What a button of the thread sends."""
    headers = {"HX-Request": "true", "X-CSRFToken": csrf_token(client), "Origin": "http://localhost"}
    where = f"/w/{company.slug}/conversations/{company.conversation_id}/{path}"
    answer = client.open(where, method=method, data=form or {}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def toast_of(answer: TestResponse) -> dict[str, str]:
    toast: dict[str, str] = json.loads(answer.headers["HX-Trigger"])["toast"]
    return toast


def undoes(client: FlaskClient, answer: TestResponse) -> TestResponse:
    return post(client, toast_of(answer)["undo"], {}, HX_Request="true")


def stands(app: Flask, company: Company) -> dict[str, object]:
    with inside(app, company) as it:
        return dict(services.standings([it.conversation])[company.conversation_id])


def test_every_deed_is_taken_back_to_the_letter(app: Flask, agent: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("owner"), by=it.member("owner"))
    for path, form, method, words in (
        ("closure", {}, "POST", "Closed."),
        ("snooze", {"until": ""}, "POST", "Snoozed."),
        ("pending", {}, "POST", "Set to pending."),
        ("priority", {"priority": "high"}, "POST", "Priority changed."),
        ("assignment", {}, "POST", "Assigned to Agent."),
        ("assignment", {"assignee_id": ""}, "POST", "Put back for anybody."),
        ("assignment", {"team_id": acme.team_id}, "POST", "Moved to Support."),
        (f"labels/{acme.label_id}", {}, "PUT", "Label “billing” added."),
    ):
        before = stands(app, acme)
        answer = does(agent, acme, path, form, method)
        assert toast_of(answer)["text"] == words
        assert stands(app, acme) != before
        taken_back = undoes(agent, answer)
        assert (taken_back.status_code, toast_of(taken_back)["text"]) == (204, "Undone.")
        assert stands(app, acme) == before, path
    with inside(app, acme):
        lines = [it.activity["name"] for it in message_queries.latest(acme.conversation_id) if it.activity]
    assert lines[-2:] == ["labelled", "undone"]


def test_what_lay_away_lies_there_again_and_its_label_is_on_again(
    app: Flask, agent: FlaskClient, acme: Company
) -> None:
    does(agent, acme, f"labels/{acme.label_id}", method="PUT")
    does(agent, acme, "snooze", {"until": (now() + timedelta(hours=2)).isoformat()})
    for path in (f"labels/{acme.label_id}", "snooze"):
        before = stands(app, acme)
        assert undoes(agent, does(agent, acme, path, method="DELETE")).status_code == 204
        assert stands(app, acme) == before


def test_what_changes_nothing_offers_nothing(agent: FlaskClient, acme: Company) -> None:
    does(agent, acme, "closure")
    assert "HX-Trigger" not in does(agent, acme, "closure").headers


def test_nothing_is_undone_over_what_somebody_else_did(app: Flask, agent: FlaskClient, acme: Company) -> None:
    closed = does(agent, acme, "closure")
    with inside(app, acme) as it:
        visitor = it.conversation.end_user
        words = {"text": "One more thing", "client_id": uuid7(), "conversation_id": acme.conversation_id}
        messages.receive(it.project, visitor, **words)  # type: ignore[arg-type]
    taken = does(agent, acme, "assignment")
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("owner"), by=it.member("owner"))
    before = stands(app, acme)
    for answer in (closed, taken):
        refused = undoes(agent, answer)
        assert (refused.status_code, "Something has changed here meanwhile" in refused.text) == (409, True)
    assert stands(app, acme) == before


def test_a_deed_elsewhere_in_the_conversation_is_no_hindrance(app: Flask, agent: FlaskClient, acme: Company) -> None:
    taken = does(agent, acme, "assignment")
    visitor_writes(app, acme, "One more thing")
    does(agent, acme, "priority", {"priority": "high"})
    assert undoes(agent, taken).status_code == 204
    with inside(app, acme) as it:
        assert (it.conversation.assignee_id, it.conversation.priority_name) == (None, "high")


def test_what_a_teams_queue_did_with_it_goes_with_the_move(app: Flask, agent: FlaskClient, acme: Company) -> None:
    with inside(app, acme):
        turns = make_team("Turns", acme.members["owner"], assignment="round_robin", only_online=False).id
    moved = does(agent, acme, "assignment", {"team_id": turns})
    with inside(app, acme) as it:
        assignment.hand_out(turns)
        assert it.conversation.assignee_id == acme.members["owner"]
    assert undoes(agent, moved).status_code == 204
    with inside(app, acme) as it:
        assert (it.conversation.team_id, it.conversation.assignee_id) == (None, None)


def test_it_is_undone_once_in_time_and_by_whoever_did_it(app: Flask, agent: FlaskClient, acme: Company) -> None:
    closed = does(agent, acme, "closure")
    other = app.test_client()
    log_in(other, acme.email("owner"))
    assert undoes(other, closed).status_code == 404
    assert undoes(agent, closed).status_code == 204
    assert undoes(agent, closed).status_code == 409
    again = does(agent, acme, "closure")
    with inside(app, acme):
        db.session.execute(update(Deed).values(expires_at=now()))
    assert undoes(agent, again).status_code == 409
    with app.app_context():
        forget_deeds()
    assert undoes(agent, again).status_code == 404


def test_a_role_that_may_not_do_it_any_more_may_not_undo_it(app: Flask, agent: FlaskClient, acme: Company) -> None:
    closed = does(agent, acme, "closure")
    with inside(app, acme) as it:
        it.member("agent").take(make_role("Reader"))
    assert undoes(agent, closed).status_code == 403
    assert stands(app, acme)["state"]["status"] == "closed"  # type: ignore[index]


def test_one_who_has_gone_gets_nothing_back(app: Flask, agent: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("admin"), by=it.member("owner"))
    freed = does(agent, acme, "assignment", {"assignee_id": ""})
    with inside(app, acme) as it:
        db.session.delete(it.member("admin"))
    assert undoes(agent, freed).status_code == 409


def test_whoever_gives_it_out_of_their_sight_can_take_it_back(app: Flask, agent: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
        rights = ("conversations.view", "conversations.assign")
        it.member("agent").take(make_role("Own only", *rights, visibility="own"))
    given = does(agent, acme, "assignment", {"assignee_id": acme.members["owner"]})
    assert set(json.loads(given.headers["HX-Trigger"])) == {"live:left", "toast"}
    assert undoes(agent, given).status_code == 204
    with inside(app, acme) as it:
        assert it.conversation.assignee_id == acme.members["agent"]


def test_who_follows_the_turn_hears_that_it_is_undone(app: Flask, agent: FlaskClient, acme: Company) -> None:
    undoes(agent, does(agent, acme, "closure"))
    with inside(app, acme):
        turns = select(func.count()).where(OutboxEvent.name == "TurnChanged")
        assert db.session.scalar(turns) == 3  # the visitor wrote, it was closed, it was not


def test_what_was_done_can_be_said_on_the_page_that_follows(app: Flask, agent: FlaskClient) -> None:
    with agent.session_transaction() as session:
        session["_flashes"] = [("/w/acme/undo/1", "Deleted.")]
    assert 'data-undo="/w/acme/undo/1"' in agent.get("/w/acme/inbox").text
