"""Answers that a visitor has not seen: one letter for all of them, after a while, to who is there to get it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.common.clock import now
from chatapp.common.ids import uuid7
from chatapp.common.mail import Letter
from chatapp.conversations import queries as conversations
from chatapp.endusers import queries as endusers
from chatapp.endusers import services as enduser_services
from chatapp.jobs import schedule
from chatapp.jobs.drain import drain
from chatapp.messages import services as messages
from tests.factories import Company, inside, make_company
from tests.support.letters import letters
from tests.support.visitor import Visitor

ADDRESS = "ana@example.org"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def visitor(client: FlaskClient, acme: Company) -> Visitor:
    """Somebody who has left an address with their question."""
    visitor = Visitor(client, acme.site_key)
    assert visitor.send("Is it back?", email=ADDRESS).status_code == 201
    return visitor


class Team:
    """What the team says, and what the clock does with it."""

    def __init__(self, app: Flask, acme: Company, patch: pytest.MonkeyPatch) -> None:
        self.app, self.acme, self.patch = app, acme, patch

    def say(self, *texts: str) -> None:
        with inside(self.app, self.acme) as here:
            newest = conversations.page_of("all", me=here.member("agent").user_id).rows[0]
            for text in texts:
                messages.send_reply(newest, by=here.member("agent"), text=text, client_id=uuid7())
        with self.app.app_context():
            drain(str(self.acme.workspace_id))

    def clock(self, minutes: int) -> None:
        self.patch.setattr(schedule, "now", lambda: now() + timedelta(minutes=minutes))
        with self.app.app_context():
            schedule.write_of_unseen()

    def letters(self, minutes: int = 6) -> list[Letter]:
        self.clock(minutes)
        return [letter for letter in letters(self.app) if letter.to == ADDRESS]


@pytest.fixture
def team(app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch) -> Team:
    return Team(app, acme, monkeypatch)


def test_all_that_was_not_seen_goes_in_one_letter_and_only_once(team: Team, visitor: Visitor) -> None:
    team.say("It **is**.", "Shall I keep one?")
    assert team.letters(4) == []
    (letter,) = team.letters()
    assert letter.subject == "Acme Shop answered you"
    assert "It is." in letter.text
    assert "Shall I keep one?" in letter.text
    assert "https://127.0.0.1" in letter.text
    assert len(team.letters(60)) == 1
    team.say("Still there?")
    newest, _first = team.letters()
    assert "Still there?" in newest.text
    assert "It is." not in newest.text


@pytest.mark.parametrize("how", ["read", "blocked", "deleted"])
def test_nobody_is_written_to_who_has_seen_it_or_is_not_to_get_it(
    app: Flask, acme: Company, team: Team, visitor: Visitor, how: str
) -> None:
    team.say("It is.")

    def happen() -> None:
        with inside(app, acme) as here:
            newest = conversations.page_of("all", me=here.member("agent").user_id).rows[0]
            person = endusers.end_user(UUID(visitor.json["visitor_id"]))
            assert person is not None
            if how == "blocked":
                enduser_services.block(person)
            elif how == "deleted":
                newest.deleted_at = now()
            else:
                newest.visitor_read_seq = newest.last_seq

    _late(team, happen)
    assert team.letters() == []


def _late(team: Team, happen: Callable[[], None]) -> None:
    """After the letter was posted, and before it leaves."""
    team.clock(6)
    happen()


def test_who_left_no_address_gets_nothing_and_nobody_is_known_by_one_that_was_typed(
    app: Flask, acme: Company, team: Team, visitor: Visitor, client: FlaskClient
) -> None:
    with inside(app, acme):
        assert endusers.known_by("email", ADDRESS) is None
        assert endusers.by_emails([ADDRESS]) == {}
    assert visitor.send("bad", email="nobody").status_code == 422
    assert Visitor(client, acme.site_key, token=visitor.token).json["email"] == ADDRESS
    Visitor(client, acme.site_key).send("nameless")
    team.say("To the nameless")
    assert team.letters() == []
