"""Many conversations at once: those that one may change are changed, the rest is counted, and all of it is undone."""

import json
from collections import Counter
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from werkzeug.test import TestResponse

from chatapp.bulk import services
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.conversations.models import Conversation, ConversationLabel
from chatapp.jobs.drain import drain
from chatapp.messages import services as messages
from chatapp.messages.models import Message
from tests.factories import Company, inside, make_attribute, make_company, make_role
from tests.support.web_client import log_in, post

SOME = 3


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def ids(app: Flask, acme: Company) -> list[UUID]:
    with inside(app, acme) as it:
        return [acme.conversation_id, *(it.another_conversation().id for _ in range(SOME - 1))]


@pytest.fixture
def agent(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in(client, acme.email("agent"))
    return client


def does(client: FlaskClient, what: str, chosen: Sequence[UUID] = (), **form: object) -> TestResponse:
    body = {"what": what, "ids": " ".join(map(str, chosen)), **form}
    return post(client, "/w/acme/conversations/bulk", body, HX_Request="true")


def toast_of(answer: TestResponse) -> dict[str, str]:
    toast: dict[str, str] = json.loads(answer.headers["HX-Trigger"])["toast"]
    return toast


def states(app: Flask, company: Company) -> list[tuple[object, ...]]:
    """How each conversation stands, but for its numbers and moments."""
    with inside(app, company):
        worn = Counter(db.session.scalars(select(ConversationLabel.conversation_id)))
        found = db.session.scalars(select(Conversation).order_by(Conversation.id))
        return [
            (it.status, it.assignee_id, it.team_id, it.priority, it.unread_count, it.waiting_since, worn[it.id])
            for it in found
        ]


def lines(app: Flask, company: Company) -> Counter[str]:
    with inside(app, company):
        found = db.session.scalars(select(Message).where(Message.kind == "activity")).all()
        return Counter(message.activity["name"] for message in found if message.activity)


def works(app: Flask, company: Company) -> None:
    with app.app_context():
        drain(str(company.workspace_id))


def test_each_deed_is_done_to_all_that_are_chosen_and_taken_back(
    app: Flask, agent: FlaskClient, acme: Company, ids: list[UUID]
) -> None:
    before = states(app, acme)
    for what, value, words in (
        ("close", "", "3 conversations closed."),
        ("assign", acme.members["owner"], "3 conversations handed over."),
        ("move", acme.team_id, "3 conversations moved."),
        ("label", acme.label_id, "3 conversations labelled."),
        ("prioritise", "urgent", "Priority of 3 conversations changed."),
        ("snooze", "", "3 conversations snoozed."),
        ("read", "", "3 conversations marked as read."),
    ):
        answer = does(agent, what, ids, value=value, **({"until": ""} if what == "snooze" else {}))
        assert (answer.status_code, toast_of(answer)["text"]) == (204, words)
        assert all(is_now != was for is_now, was in zip(states(app, acme), before, strict=True)), what
        assert post(agent, toast_of(answer)["undo"], {}, HX_Request="true").status_code == 204
        assert states(app, acme) == before, what
    assert lines(app, acme) == {
        **dict.fromkeys(("closed", "assigned", "moved", "labelled", "prioritised", "snoozed"), SOME),
        "undone": 6 * SOME,
    }


def test_the_opposite_deeds_are_done_too(app: Flask, agent: FlaskClient, acme: Company, ids: list[UUID]) -> None:
    before = states(app, acme)
    for what in ("close", "reopen", "read", "unread"):
        does(agent, what, ids)
    for what in ("label", "unlabel"):
        does(agent, what, ids, value=acme.label_id)
    assert [it[:5] for it in states(app, acme)] == [it[:5] for it in before]
    assert lines(app, acme) == dict.fromkeys(("closed", "reopened", "labelled", "unlabelled"), SOME)


def test_what_is_so_already_or_not_to_be_seen_is_told_and_nothing_comes_of_it(
    app: Flask, agent: FlaskClient, acme: Company, ids: list[UUID]
) -> None:
    globex = make_company(app, "globex")
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
        rights = ("conversations.view", "conversations.close")
        it.member("agent").take(make_role("Own only", *rights, visibility="own"))
    answer = does(agent, "close", [*ids, globex.conversation_id, uuid4()])
    assert toast_of(answer)["text"] == ("1 conversation closed. 4 skipped: they are gone or not yours to change.")
    again = toast_of(does(agent, "close", ids[:1]))
    assert (again["text"], again["undo"]) == ("0 conversations closed. 1 was so already.", None)
    assert [it[0] for it in states(app, acme)] == ["closed", "open", "open"]
    assert states(app, globex)[0][0] == "open"


def test_one_that_cannot_be_closed_as_it_is_keeps_nobody_else(
    app: Flask, agent: FlaskClient, acme: Company, ids: list[UUID]
) -> None:
    with inside(app, acme) as it:
        attribute = make_attribute("Reason", subject="conversations", is_required=True)
        it.conversation.attributes = {str(attribute.id): "Late"}
    assert toast_of(does(agent, "close", ids))["text"] == (
        "1 conversation closed. 2 left open: a field there must be filled in first."
    )
    assert [it[0] for it in states(app, acme)] == ["closed", "open", "open"]


def test_it_takes_the_right_that_the_deed_takes(app: Flask, agent: FlaskClient, acme: Company, ids: list[UUID]) -> None:
    with inside(app, acme) as it:
        it.member("agent").take(make_role("Labels", "conversations.view", "conversations.label"))
    assert does(agent, "prioritise", ids, value="low").status_code == 204
    for what in ("close", "reopen", "snooze", "assign", "move", "read", "unread"):
        assert does(agent, what, ids).status_code == 403, what


def test_what_makes_no_sense_is_refused(app: Flask, agent: FlaskClient, acme: Company, ids: list[UUID]) -> None:
    before = states(app, acme)
    for what, form, status in (
        ("dance", {}, 422),
        ("close", {"ids": ""}, 422),
        ("close", {"ids": "x y"}, 422),
        ("label", {"value": "x"}, 422),
        ("label", {"value": uuid4()}, 404),
        ("assign", {"value": uuid4()}, 404),
        ("assign", {"value": acme.members["viewer"]}, 422),
        ("prioritise", {"value": "5"}, 422),
        ("snooze", {"until": "2001-01-01T00:00:00+00:00"}, 422),
        ("snooze", {"day": "x", "time": ""}, 422),
        ("close", {"all": "y", "view": "nowhere"}, 404),
    ):
        assert does(agent, what, **{"ids": ids[0], **form}).status_code == status, (what, form)
    assert states(app, acme) == before


def test_a_whole_view_is_done_by_the_worker_batch_by_batch_and_undone_whole(
    app: Flask, agent: FlaskClient, acme: Company, ids: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 2)
    before = states(app, acme)
    assert agent.get("/w/acme/conversations/bulk/count?view=all").text == "3"
    begun = does(agent, "close", all="y", view="all")
    assert (begun.status_code, "0 of 3 conversations" in begun.text) == (200, True)
    assert does(agent, "reopen", all="y", view="all").status_code == 409
    works(app, acme)
    assert [it[0] for it in states(app, acme)] == ["closed"] * SOME
    page = agent.get("/w/acme/inbox").text
    assert "3 conversations closed." in page
    undo = page.partition('hx-post="/w/acme/undo/')[2].partition('"')[0]

    with inside(app, acme):
        db.session.execute(update(Conversation).where(Conversation.id == ids[0]).values(last_message_at=now()))
    assert toast_of(post(agent, f"/w/acme/undo/{undo}", {}, HX_Request="true"))["text"] == "It is being undone."
    works(app, acme)
    assert states(app, acme)[1:] == before[1:]
    assert "2 conversations are as before. 1 has changed since." in agent.get("/w/acme/conversations/bulk/runs").text


def test_a_run_stops_for_whoever_may_do_it_no_more(
    app: Flask, agent: FlaskClient, acme: Company, ids: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 2)
    does(agent, "close", ids)
    with inside(app, acme) as it:
        it.member("agent").take(make_role("Reader"))
    works(app, acme)
    assert [it[0] for it in states(app, acme)] == ["open"] * SOME
    assert "3 skipped" in agent.get("/w/acme/conversations/bulk/runs").text


def test_a_batch_that_is_delivered_twice_is_done_once(
    app: Flask, agent: FlaskClient, acme: Company, ids: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 2)
    run_id = UUID(does(agent, "close", ids).text.partition("runs/")[2][:36])
    for place in (0, 0, 2, 2):
        with inside(app, acme):
            services.carry_on(run_id, place=place)
    assert lines(app, acme) == {"closed": SOME}


def test_many_are_asked_for_at_once_and_not_one_by_one(app: Flask, acme: Company, ids: list[UUID]) -> None:
    asked: list[str] = []
    with inside(app, acme) as it:
        by = it.member("agent")
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        services.do(ids, what="close", value="", by=by)
        of_some = len(asked)
        assert len([one for one in asked if one.startswith("SELECT conversation.")]) == 1
        services.do([*ids, *ids], what="reopen", value="", by=by)
        assert len(asked) - of_some <= of_some + 1
