"""Canned replies in the settings and in the composer: works, by role, of others, with nonsense."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from chatapp.canned.models import CannedReply
from chatapp.common.audit import AuditEntry
from chatapp.common.db import db
from chatapp.teams import services as teams
from chatapp.workspaces import services as workspaces
from tests.factories import Company, inside, make_company
from tests.support.web_client import log_in, post

PATH = "/w/acme/settings/canned-replies"
HELLO = {"code": "/Hello", "text": "Hello {{contact.first_name|there}}", "who": "everybody"}


class Browser:
    """Somebody who is logged in."""

    def __init__(self, app: Flask, email: str) -> None:
        self.client = app.test_client()
        log_in(self.client, email)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, data: dict[str, object] | None = None) -> TestResponse:
        return post(self.client, path, data or {})


@pytest.fixture
def acme(app: Flask) -> Company:
    """A company in which nothing is canned yet."""
    made = make_company(app)
    with inside(app, made):
        db.session.execute(delete(CannedReply))
    return made


@pytest.fixture
def owner(app: Flask, acme: Company) -> Browser:
    return Browser(app, acme.email("owner"))


@pytest.fixture
def agent(app: Flask, acme: Company) -> Browser:
    return Browser(app, acme.email("agent"))


def stored(app: Flask, of: Company) -> dict[str, CannedReply]:
    with inside(app, of):
        return {reply.code: reply for reply in db.session.scalars(select(CannedReply))}


def offered(client: Browser, of: Company) -> list[str]:
    """The codes that the composer offers."""
    text = client.get(f"/w/acme/conversations/{of.conversation_id}/canned-replies").text
    return [part.split('"')[0] for part in text.split('data-code="')[1:]]


def test_a_reply_is_written_offered_and_used(app: Flask, acme: Company, owner: Browser, agent: Browser) -> None:
    assert owner.post(PATH, data=HELLO).status_code == 303
    reply = stored(app, acme)["hello"]
    assert (reply.holder_id, reply.used_count) == (acme.workspace_id, 0)
    offers = agent.get(f"/w/acme/conversations/{acme.conversation_id}/canned-replies").text
    assert 'data-text="Hello there"' in offers
    for _time in range(2):
        assert agent.post(f"/w/acme/canned-replies/{reply.id}/uses").status_code == 204
    assert stored(app, acme)["hello"].used_count == 2
    assert "used 2 times" in owner.get(PATH).text


def test_the_most_used_is_offered_first(app: Flask, acme: Company, owner: Browser) -> None:
    for code in ("a", "b"):
        owner.post(PATH, data=HELLO | {"code": code})
    owner.post(f"/w/acme/canned-replies/{stored(app, acme)['b'].id}/uses")
    assert offered(owner, acme) == ["b", "a"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": ""}, "Enter a short code."),
        ({"code": "two words"}, "without blanks"),
        ({"code": "x" * 41}, "Use up to 40 letters"),
        ({"text": " "}, "Write something first."),
        ({"text": "x" * 4001}, "Use at most 4000 characters."),
        ({"text": "Hi {{contact.nickname}}"}, "“contact.nickname” is no variable."),
        ({"who": "nobody"}, "Choose one of the list."),
        ({"code": "taken"}, "There is a reply with this short code already."),
    ],
)
def test_nonsense_is_refused_with_a_sentence_and_kept(
    app: Flask, acme: Company, owner: Browser, change: dict[str, str], sentence: str
) -> None:
    owner.post(PATH, data=HELLO | {"code": "taken"})
    answer = owner.post(PATH, data=HELLO | {"text": "What was typed"} | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert change.get("text", "What was typed").strip()[:40] in answer.text
    assert list(stored(app, acme)) == ["taken"]


def test_changing_one_into_another_code_that_is_taken_keeps_both(app: Flask, acme: Company, owner: Browser) -> None:
    for code in ("one", "two"):
        owner.post(PATH, data=HELLO | {"code": code})
    answer = owner.post(f"{PATH}/{stored(app, acme)['two'].id}", data=HELLO | {"code": "one"})
    assert answer.status_code == 422
    assert "There is a reply with this short code already." in answer.text
    assert sorted(stored(app, acme)) == ["one", "two"]


def test_agents_write_their_own_and_nobody_else_sees_it(
    app: Flask, acme: Company, owner: Browser, agent: Browser
) -> None:
    assert agent.post(PATH, data=HELLO).status_code == 403
    assert agent.post(PATH, data=HELLO | {"who": str(acme.team_id)}).status_code == 403
    assert agent.post(PATH, data=HELLO | {"who": "own"}).status_code == 303
    mine = stored(app, acme)["hello"]
    assert offered(agent, acme) == ["hello"]
    assert offered(owner, acme) == []
    assert "/hello" not in owner.get(PATH).text
    for deed in (owner.get, owner.post):
        assert deed(f"{PATH}/{mine.id}").status_code == 404
    assert owner.post(f"{PATH}/{mine.id}/removal").status_code == 404
    assert owner.post(f"/w/acme/canned-replies/{mine.id}/uses").status_code == 404
    with inside(app, acme):
        actions = db.session.scalars(select(AuditEntry.action)).all()
        assert not any(action.startswith("canned_reply") for action in actions)
    assert agent.post(f"{PATH}/{mine.id}/removal").status_code == 303
    assert stored(app, acme) == {}


def test_a_shared_one_is_read_by_agents_and_changed_by_managers(
    app: Flask, acme: Company, owner: Browser, agent: Browser
) -> None:
    owner.post(PATH, data=HELLO)
    path = f"{PATH}/{stored(app, acme)['hello'].id}"
    page = agent.get(path)
    assert page.status_code == 200
    assert "Save reply" not in page.text
    assert '<option selected value="everybody">' in page.text
    assert agent.post(path, data=HELLO | {"who": "own"}).status_code == 403
    assert agent.post(f"{path}/removal").status_code == 403
    assert owner.post(path, data=HELLO | {"text": "Good day"}).status_code == 303
    assert stored(app, acme)["hello"].text == "Good day"
    with inside(app, acme):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "canned_reply.changed")).one()
        assert entry.changes["text"][1] == "Good day"


def test_a_team_s_are_its_members_and_go_with_it(app: Flask, acme: Company, owner: Browser, agent: Browser) -> None:
    owner.post(PATH, data=HELLO | {"who": str(acme.team_id)})
    assert offered(agent, acme) == ["hello"]
    assert offered(owner, acme) == []
    assert "/hello" in owner.get(PATH).text
    with inside(app, acme) as it:
        teams.delete(it.team, by=it.member("owner"))
    assert stored(app, acme) == {}


def test_whoever_leaves_takes_theirs_along(app: Flask, acme: Company, agent: Browser) -> None:
    agent.post(PATH, data=HELLO | {"who": "own"})
    with inside(app, acme) as it:
        workspaces.remove_member(it.member("agent"), by=it.member("owner"))
    assert stored(app, acme) == {}


def test_one_code_may_be_everybody_s_and_mine(app: Flask, acme: Company, owner: Browser) -> None:
    owner.post(PATH, data=HELLO)
    assert owner.post(PATH, data=HELLO | {"who": "own"}).status_code == 303
    assert offered(owner, acme) == ["hello", "hello"]


def test_viewers_have_none(app: Flask, acme: Company) -> None:
    assert Browser(app, acme.email("viewer")).get(PATH).status_code == 403


def test_there_is_an_end_to_them(app: Flask, acme: Company, owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatapp.canned.services.MOST", 1)
    owner.post(PATH, data=HELLO)
    answer = owner.post(PATH, data=HELLO | {"code": "second"})
    assert answer.status_code == 409
    assert "There are 1 canned replies already." in answer.text
