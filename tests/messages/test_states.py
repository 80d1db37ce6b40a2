"""Open, pending, snoozed, closed: who may do it, what the thread says, what brings a conversation back."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chatapp.common.clock import now, rfc3339
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxEvent
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations import queries
from chatapp.endusers import services as endusers
from chatapp.jobs import schedule
from chatapp.messages import queries as message_queries
from chatapp.messages import services
from tests.factories import Company, inside, make_company
from tests.support.web_client import log_in, post

LATER = timedelta(hours=3)


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def lines(company: Company) -> list[str]:
    found = message_queries.latest(company.conversation_id)
    return [message.activity["name"] for message in found if message.activity]


def snoozed(app: Flask, company: Company, until: datetime | None = None) -> None:
    with inside(app, company) as it:
        services.snooze(it.conversation, until=until, by=it.member("agent"))


def overslept(app: Flask, company: Company) -> None:
    """Its moment has come: the clock of a test cannot be waited for."""
    snoozed(app, company, now() + LATER)
    with inside(app, company) as it:
        it.conversation.snoozed_until = now() - timedelta(seconds=1)


def tick(app: Flask) -> None:
    with app.app_context():
        schedule.wake_snoozed()


def test_the_thread_says_who_snoozed_it_and_until_when(app: Flask, acme: Company) -> None:
    until = now() + LATER
    snoozed(app, acme, until)
    with inside(app, acme) as it:
        assert (it.conversation.status, it.conversation.snoozed_until) == ("snoozed", until)
        line = message_queries.latest(acme.conversation_id)[-1]
        assert line.activity == {"name": "snoozed", "by": "Agent", "to": None, "until": rfc3339(until)}
        assert line.activity_until == until
        assert line.is_private


def test_snoozing_it_again_for_the_same_moment_says_nothing_twice(app: Flask, acme: Company) -> None:
    until = now() + LATER
    for moment in (until, until, None, None):
        snoozed(app, acme, moment)
    with inside(app, acme):
        assert lines(acme) == ["snoozed", "snoozed"]


@pytest.mark.parametrize("away", [timedelta(0), timedelta(days=-1), timedelta(days=400)])
def test_a_moment_that_is_over_or_too_far_away_is_refused(app: Flask, acme: Company, away: timedelta) -> None:
    with inside(app, acme) as it, pytest.raises(AppError) as refused:
        services.snooze(it.conversation, until=now() + away, by=it.member("agent"))
    assert (refused.value.status, set(refused.value.fields)) == (422, {"snoozed_until"})


def test_it_wakes_when_its_moment_comes_and_not_before(app: Flask, acme: Company) -> None:
    snoozed(app, acme, now() + LATER)
    tick(app)
    with inside(app, acme) as it:
        services.conversations.mark_read(queries.locked(acme.conversation_id), by=it.member("agent"))
        assert it.conversation.is_snoozed
    overslept(app, acme)
    for _tick in range(3):
        tick(app)
    with inside(app, acme) as it:
        assert (it.conversation.status, it.conversation.snoozed_until) == ("open", None)
        assert it.conversation.is_unread
        assert lines(acme) == ["snoozed", "snoozed", "woken"]


def test_one_that_is_snoozed_until_they_write_never_wakes_by_itself(app: Flask, acme: Company) -> None:
    snoozed(app, acme)
    tick(app)
    with inside(app, acme) as it:
        assert it.conversation.is_snoozed


@pytest.mark.parametrize("place", ["_record", "emit"])
def test_a_clock_that_dies_halfway_has_woken_nobody_and_the_next_does_it_once(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    overslept(app, acme)

    def die(*_: object, **__: object) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patched:
        patched.setattr(services, place, die)
        with pytest.raises(SystemExit):
            tick(app)
    with inside(app, acme) as it:
        assert it.conversation.is_snoozed
        assert "woken" not in lines(acme)
    tick(app)
    tick(app)
    with inside(app, acme) as it:
        assert it.conversation.is_open
        assert lines(acme).count("woken") == 1


def test_one_in_which_somebody_writes_is_looked_at_later(app: Flask, acme: Company) -> None:
    overslept(app, acme)
    with app.app_context(), unit_of_work(acme.workspace_id):
        queries.locked(acme.conversation_id)
        tick(app)
    with inside(app, acme) as it:
        assert it.conversation.is_snoozed
    tick(app)
    with inside(app, acme) as it:
        assert it.conversation.is_open


@pytest.mark.parametrize("status", ["snoozed", "pending", "closed"])
def test_the_visitors_new_message_opens_whatever_is_not_open(app: Flask, acme: Company, status: str) -> None:
    with inside(app, acme) as it:
        services.move(it.conversation, to=it.team, by=it.member("owner"))
        put_away(it.conversation, status, it.member("agent"))
    with inside(app, acme) as it:
        visitor = endusers.ensure(acme.end_user_id)
        services.receive(it.project, visitor, text="me again", client_id=uuid7(), conversation_id=acme.conversation_id)
    with inside(app, acme) as it:
        assert (it.conversation.status, it.conversation.snoozed_until) == ("open", None)
        events = db.session.scalars(select(OutboxEvent).order_by(OutboxEvent.id)).all()
        assert [row.payload["what"] for row in events if "what" in row.payload] == ["moved", status, "reopened"]
        assert [row.name for row in events].count("ConversationQueued") == 2


def put_away(conversation: object, status: str, by: object) -> None:
    verbs = {"pending": services.set_pending, "closed": services.close}
    if status == "snoozed":
        services.snooze(conversation, until=now() + LATER, by=by)  # type: ignore[arg-type]
    else:
        verbs[status](conversation, by=by)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "line"), [("snoozed", "woken_by_hand"), ("pending", "taken_up"), ("closed", "reopened")]
)
def test_opened_by_hand_the_thread_says_what_it_was(app: Flask, acme: Company, status: str, line: str) -> None:
    with inside(app, acme) as it:
        put_away(it.conversation, status, it.member("agent"))
        services.reopen(it.conversation, by=it.member("owner"))
        services.reopen(it.conversation, by=it.member("owner"))
        assert it.conversation.is_open
        assert lines(acme)[1:] == [line]


def test_an_answer_does_not_wake_it(app: Flask, acme: Company) -> None:
    snoozed(app, acme)
    with inside(app, acme) as it:
        services.send_reply(it.conversation, by=it.member("agent"), text="I am on it", client_id=uuid7())
        assert it.conversation.is_snoozed


# Through the door


def path(name: str, company: Company) -> str:
    return f"/w/acme/conversations/{company.conversation_id}/{name}"


def test_the_menu_offers_moments_and_one_of_them_is_taken(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    assert "In an hour" in client.get(path("snooze", acme)).text
    until = (now() + LATER).isoformat()
    answer = post(client, path("snooze", acme), {"until": until}, HX_Request="true")
    assert (answer.status_code, "Agent snoozed this until" in answer.text) == (200, True)
    with inside(app, acme) as it:
        assert it.conversation.is_snoozed
    assert post(client, path("pending", acme), {}, HX_Request="true").status_code == 200
    with inside(app, acme) as it:
        assert it.conversation.status == "pending"


def test_a_day_and_a_time_are_those_of_the_workspace(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        it.conversation.workspace.time_zone = "America/Bogota"  # five hours behind, all year
    log_in(client, acme.email("agent"))
    day = f"{now() + timedelta(days=3):%Y-%m-%d}"
    assert post(client, path("snooze", acme), {"day": day, "time": "09:30"}, HX_Request="true").status_code == 200
    with inside(app, acme) as it:
        assert it.conversation.snoozed_until == datetime.fromisoformat(f"{day}T14:30:00+00:00")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"until": "tomorrow"},
        {"until": "2030-01-01T09:00:00"},
        {"day": "2020-01-01", "time": "09:00"},
        {"day": "9999-12-31", "time": "23:59"},
        {"day": "0001-01-01", "time": "00:00"},
        {"day": "x", "time": "y"},
        {"day": "2030-01-01", "time": "09:00+14:00"},
        {"day": "2030-01-01"},
    ],
)
def test_what_is_no_moment_comes_back_with_what_was_typed(
    app: Flask, client: FlaskClient, acme: Company, form: dict[str, str]
) -> None:
    log_in(client, acme.email("agent"))
    answer = post(client, path("snooze", acme), form, HX_Request="true")
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#snooze-choices")
    assert form.get("day", "") in answer.text
    assert "field__error" in answer.text
    with inside(app, acme) as it:
        assert it.conversation.is_open


def test_a_viewer_puts_nothing_away(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("viewer"))
    assert client.get(path("snooze", acme)).status_code == 403
    assert post(client, path("snooze", acme), {"until": ""}).status_code == 403
    assert post(client, path("pending", acme), {}).status_code == 403
