"""Auto-close: what was answered and where nothing happens any more is closed by the clock, once, and says so."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.jobs import schedule
from chatapp.messages import queries, services, wire
from chatapp.messages.models import Actor
from chatapp.workspaces.models import Workspace
from tests.factories import Company, inside, make_company, visitor_writes
from tests.support.web_client import log_in, post

LONG_AGO = timedelta(hours=73)


@pytest.fixture
def acme(app: Flask) -> Company:
    company = make_company(app)
    with inside(app, company):
        _workspace(company).idle_close_hours = 72
    return company


def _workspace(company: Company) -> Workspace:
    return db.session.get_one(Workspace, company.workspace_id)


def answered(app: Flask, company: Company) -> None:
    with inside(app, company) as it:
        services.send_reply(it.conversation, by=it.member("agent"), text="Here you are.", client_id=uuid7())


def time_passes(app: Flask, company: Company, by: timedelta = LONG_AGO) -> None:
    with inside(app, company) as it:
        it.conversation.last_message_at -= by
        for message in queries.latest(company.conversation_id):
            message.created_at -= by


def tick(app: Flask) -> None:
    with app.app_context():
        schedule.close_idle()


def status_of(app: Flask, company: Company) -> str:
    with inside(app, company) as it:
        return it.conversation.status


def test_after_an_answer_and_long_silence_it_is_closed_once_and_the_thread_names_the_rule(
    app: Flask, acme: Company
) -> None:
    answered(app, acme)
    tick(app)
    assert status_of(app, acme) == "open"
    time_passes(app, acme)
    for _tick in range(3):
        tick(app)
    with inside(app, acme) as it:
        assert it.conversation.is_closed
        lines = [message for message in queries.latest(acme.conversation_id) if message.kind == "activity"]
        assert [line.activity and line.activity["name"] for line in lines] == ["closed"]
        assert lines[0].actor == Actor("rule", "idle", None)
        assert lines[0].is_private


def test_who_waits_for_an_answer_is_never_closed(app: Flask, acme: Company) -> None:
    answered(app, acme)
    visitor_writes(app, acme, "And another thing")
    time_passes(app, acme)
    tick(app)
    assert status_of(app, acme) == "open"


def test_a_note_begins_the_time_anew_and_so_does_opening_it_again(app: Flask, acme: Company) -> None:
    answered(app, acme)
    time_passes(app, acme)
    with inside(app, acme) as it:
        services.send_reply(it.conversation, by=it.member("agent"), text="Call her.", client_id=uuid7(), private=True)
    tick(app)
    assert status_of(app, acme) == "open"
    time_passes(app, acme)
    tick(app)
    assert status_of(app, acme) == "closed"
    with inside(app, acme) as it:
        services.reopen(it.conversation, by=it.member("agent"))
    tick(app)
    assert status_of(app, acme) == "open"


def test_another_workspaces_conversations_are_left_alone(app: Flask, acme: Company) -> None:
    globex = make_company(app, "globex")
    for company in (acme, globex):
        answered(app, company)
        time_passes(app, company)
    tick(app)
    assert [status_of(app, company) for company in (acme, globex)] == ["closed", "open"]


def test_the_last_words_reach_the_visitor_in_the_name_of_the_site(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        _workspace(acme).idle_close_message = "Write again whenever you like."
    answered(app, acme)
    time_passes(app, acme)
    tick(app)
    with inside(app, acme) as it:
        words = wire.message_json(queries.latest(acme.conversation_id, for_visitor=True)[-1])
        assert words["text"] == "Write again whenever you like."
        assert words["author"] == {"type": "system", "name": it.project.name, "avatar_url": None}
        assert it.conversation.preview == "Write again whenever you like."


@pytest.mark.parametrize("place", ["_say_last", "_record"])
def test_a_clock_that_dies_halfway_has_closed_nothing_and_the_next_does_it_once(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with inside(app, acme):
        _workspace(acme).idle_close_message = "Goodbye."
    answered(app, acme)
    time_passes(app, acme)

    def die(*_: object, **__: object) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patched:
        patched.setattr(services, place, die)
        with pytest.raises(SystemExit):
            tick(app)
    assert status_of(app, acme) == "open"
    for _tick in range(2):
        tick(app)
    with inside(app, acme):
        entries = [message.text or message.kind for message in queries.latest(acme.conversation_id)]
        assert [entries.count(entry) for entry in ("Goodbye.", "activity")] == [1, 1]


def test_settings_keep_hours_or_days_and_refuse_what_cannot_be(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("admin"))
    assert 'value="3"' in client.get("/w/acme/settings/closing").text
    for amount in ("-1", "0", "9000", "٣", "soon"):
        refused = post(client, "/w/acme/settings/closing", {"amount": amount, "unit": "hours", "message": "Bye"})
        assert refused.status_code == 422
        assert ">Bye</textarea>" in refused.text.replace("\r\n", "")
    said = {"amount": "5", "unit": "hours", "message": " Bye "}
    assert post(client, "/w/acme/settings/closing", said).status_code == 303
    with inside(app, acme):
        assert (_workspace(acme).idle_close_hours, _workspace(acme).idle_close_message) == (5, "Bye")
    log_in(client, acme.email("owner"))
    assert post(client, "/w/acme/settings/closing", {"amount": "", "unit": "days", "message": ""}).status_code == 303
    with inside(app, acme):
        assert (_workspace(acme).idle_close_hours, _workspace(acme).idle_close_message) == (None, None)


def test_it_is_told_in_the_readers_language(app: Flask, client: FlaskClient, acme: Company) -> None:
    answered(app, acme)
    time_passes(app, acme)
    tick(app)
    log_in(client, acme.email("agent"))
    thread = client.get(f"/w/acme/inbox/{acme.conversation_id}", headers={"Accept-Language": "en"}).text
    assert "Auto-close closed this after 3 days without an answer" in thread
