"""Mail about what was not read: one letter for each conversation, to nobody who looks, rests or does not want it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common import mail
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.mail import Letter
from chatapp.jobs import notifications as clock
from chatapp.messages import services as messages
from chatapp.notifications import queries, services
from tests.factories import Company, inside, make_role, visitor_writes
from tests.notifications.conftest import Told
from tests.support.letters import letters
from tests.support.web_client import log_in, post

SETTINGS = "/w/acme/notifications/settings"
USUAL: dict[str, Any] = {"on": ["assigned.app", "assigned.mail"], "mail_after": "15", "digest": "off"}


class Clock:
    """The clock's work, so many minutes from now."""

    def __init__(self, app: Flask, patch: pytest.MonkeyPatch) -> None:
        self.app, self.patch = app, patch

    def letters(self, minutes: int = 20) -> list[Letter]:
        """Every letter there is, after the clock has looked for what was not read."""
        self._run(clock.write_letters, now() + timedelta(minutes=minutes))
        return letters(self.app)

    def digests(self, at: datetime) -> list[Letter]:
        self._run(clock.write_digests, at)
        return letters(self.app)

    def _run(self, work: Any, moment: datetime) -> None:
        self.patch.setattr(clock, "now", lambda: moment)
        with self.app.app_context():
            work()


@pytest.fixture
def timer(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(app, monkeypatch)


@pytest.fixture
def given(told: Told, acme: Company) -> Iterator[Company]:
    """The agent was given Ada's conversation."""
    with inside(told.app, acme) as it:
        it.conversation.end_user.name = "Ada"
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
    told.work()
    return acme


def test_what_was_not_read_is_told_in_one_letter_a_conversation(told: Told, timer: Clock, given: Company) -> None:
    visitor_writes(told.app, given, "Where is it?", "Hello?")
    told.work()
    assert timer.letters(10) == []
    (letter,) = timer.letters()
    assert letter.to == given.email("agent")
    assert letter.subject == "Ada: Assigned to you · 2 new messages"
    assert f"/w/acme/inbox/{given.conversation_id}" in letter.text
    assert "Hello?" in letter.text
    assert "Hello?" in letter.html
    visitor_writes(told.app, given, "Still there?")
    told.work()
    assert len(timer.letters(60)) == 1


def test_after_it_was_read_the_next_is_told_again(told: Told, timer: Clock, given: Company) -> None:
    with inside(told.app, given):
        services.read_all(given.members["agent"])
    assert timer.letters() == []
    visitor_writes(told.app, given, "Hello?")
    told.work()
    assert [letter.subject for letter in timer.letters()] == ["Ada: 1 new message"]


def test_the_letter_speaks_its_reader_s_language(told: Told, timer: Clock, given: Company) -> None:
    with inside(told.app, given) as it:
        it.member("agent").user.locale = "es"
    assert timer.letters()[0].subject == "Ada: Asignada a ti"


def test_nobody_is_written_to_who_looks(told: Told, timer: Clock, given: Company) -> None:
    with inside(told.app, given) as it:
        it.member("agent").active_at = now() + timedelta(minutes=20)
    assert timer.letters() == []
    assert len(timer.letters(30)) == 1


def test_what_they_do_not_see_any_more_is_not_told(told: Told, timer: Clock, given: Company) -> None:
    with inside(told.app, given) as it:
        it.member("agent").take(make_role("Narrow", "conversations.reply", visibility="own"))
        messages.assign(it.conversation, to=None, by=it.member("owner"))
    assert timer.letters() == []


def test_a_letter_waits_for_the_end_of_the_quiet(told: Told, timer: Clock, given: Company) -> None:
    quiet = now() + timedelta(minutes=20)
    start = quiet.hour * 60 + quiet.minute
    with inside(told.app, given):
        settings = queries.settings_of(given.members["agent"])
        settings.quiet_from, settings.quiet_until = start, (start + 60) % 1440
        db.session.add(settings)
    assert timer.letters(20) == []
    assert timer.letters(70) == []
    assert len(timer.letters(85)) == 1


def test_what_is_switched_off_is_not_told_that_way(app: Flask, told: Told, timer: Clock, acme: Company) -> None:
    agent = app.test_client()
    log_in(agent, acme.email("agent"))
    saved = post(agent, SETTINGS, USUAL | {"on": ["message.app", "message.mail"], "time_zone": "Europe/Madrid"})
    assert saved.status_code == 303
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
    assert told.of("agent") == []
    visitor_writes(app, acme, "Hello?")
    assert told.of("agent") == [{"message": 1}]
    assert len(timer.letters()) == 1
    page = agent.get(SETTINGS).text
    assert 'value="message.mail" aria-labelledby="what-message way-mail" checked' in page
    assert 'value="assigned.mail" aria-labelledby="what-assigned way-mail" checked' not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "nothing.app"},
        {"mail_after": "1"},
        {"digest": "hourly"},
        {"time_zone": "Mars/Base"},
        {"quiet": "y", "quiet_from": "22:00"},
        {"quiet": "y", "quiet_from": "22:00", "quiet_until": "22:00"},
        {"quiet": "y", "quiet_from": "25:00", "quiet_until": "07:00"},
    ],
)
def test_nonsense_is_refused_in_words_and_changes_nothing(
    app: Flask, acme: Company, client: FlaskClient, wrong: dict[str, str]
) -> None:
    log_in(client, acme.email("agent"))
    answer = post(client, SETTINGS, USUAL | {"time_zone": "UTC"} | wrong)
    assert answer.status_code == 422
    assert "field__error" in answer.text or "aria-invalid" in answer.text
    with inside(app, acme):
        assert queries.settings_of(acme.members["agent"]).switched == []


def test_a_digest_tells_what_is_unread_and_comes_again(
    app: Flask, told: Told, timer: Clock, given: Company, client: FlaskClient
) -> None:
    log_in(client, given.email("agent"))
    chosen = {"on": ["assigned.app", "unassigned.app"], "digest": "daily", "time_zone": "UTC"}
    assert post(client, SETTINGS, USUAL | chosen).status_code == 303
    visitor_writes(app, given, "Hello", name="Zoe")
    told.work()
    with inside(app, given):
        due = queries.settings_of(given.members["agent"]).digest_at
    assert due is not None
    assert timer.digests(due - timedelta(seconds=1)) == []
    (digest,) = timer.digests(due)
    assert digest.subject == "What you have not read in Acme"
    assert "Ada: Assigned to you" in digest.text
    assert "Zoe: New and unassigned" in digest.html
    with inside(app, given):
        assert queries.settings_of(given.members["agent"]).digest_at == due + timedelta(days=1)
        services.read_all(given.members["agent"])
    assert len(timer.digests(due + timedelta(days=1))) == 1  # nothing is unread: no letter


def test_the_link_of_a_letter_stops_them_without_a_log_in(
    app: Flask, told: Told, timer: Clock, given: Company, client: FlaskClient
) -> None:
    (letter,) = timer.letters()
    path = letter.text.rpartition("/notifications/stop/")[2].split()[0]
    assert "You get no more letters" not in client.get(f"/notifications/stop/{path}").text
    travels = mail.message(letter, sender="chat@acme.example", message_id="<1@x>")
    assert travels["List-Unsubscribe"] == f"<http://127.0.0.1/notifications/stop/{path}>"
    assert travels["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    one_click = app.test_client().post(f"/notifications/stop/{path}", data={"List-Unsubscribe": "One-Click"})
    assert "You get no more letters" in one_click.text
    visitor_writes(app, given, "Hello?")
    with inside(app, given):
        services.read_all(given.members["agent"])
    visitor_writes(app, given, "Hello?")
    assert told.of("agent") == [{"message": 1}]
    assert len(timer.letters(60)) == 1
    assert client.get(f"/notifications/stop/{path}x").status_code == 404
