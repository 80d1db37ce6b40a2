"""The home of a workspace: figures that are true in its time zone and open what they count, and a list that ticks."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from chatapp.common import time_zones
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.conversations.models import Conversation
from chatapp.dashboard import queries
from chatapp.projects import services as projects
from tests.factories import Company, Inside, inside, make_company
from tests.support.picture_files import picture_file, upload
from tests.support.web_client import ORIGIN, csrf_token, log_in, post

HOUR = timedelta(hours=1)


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def _talk(it: Inside, start: datetime, *, began: float, answered: float | None = None, status: str = "open") -> None:
    """A conversation that began so many hours after the day did, and was answered so many hours after that."""
    made = it.another_conversation()
    made.created_at = start + began * HOUR
    made.waiting_since = None if answered is not None else made.created_at
    made.first_response_at = None if answered is None else made.created_at + answered * HOUR
    made.status = status


def _forget_the_first(it: Inside) -> None:
    db.session.delete(it.conversation)
    db.session.flush()


def test_each_figure_counts_what_it_says(app: Flask, acme: Company) -> None:
    start = now() - 12 * HOUR
    with inside(app, acme) as it:
        _forget_the_first(it)
        _talk(it, start, began=1)
        _talk(it, start, began=2, answered=1)
        _talk(it, start, began=3, answered=2, status="closed")
        _talk(it, start, began=-5, answered=7)
        _talk(it, start, began=-9)
        _talk(it, start, began=-9, answered=1, status="closed")
        found = queries.today(start)
        assert (found.new, found.answered, found.open, found.unassigned) == (3, 3, 4, 4)
        assert found.first_response == 2 * HOUR
        assert found.waiting_since == start - 9 * HOUR
        assert len(queries.behind("new", start).rows) == found.new
        assert len(queries.behind("answered", start).rows) == found.answered
        assert [row.waiting_since for row in queries.behind("waiting", start).rows] == [start - 9 * HOUR, start + HOUR]


@pytest.mark.parametrize("figure", queries.FIGURES)
def test_a_long_list_is_read_page_by_page_without_a_gap(app: Flask, acme: Company, figure: str) -> None:
    start = now() - 12 * HOUR
    with inside(app, acme) as it:
        _forget_the_first(it)
        for number in range(7):  # three of them at the same moment
            _talk(it, start, began=max(2, number / 2), answered=1 if figure == "answered" else None)
        whole = [row.id for row in queries.behind(figure, start).rows]
        pages, cursor = [], None
        while cursor or not pages:
            page = queries.behind(figure, start, cursor=cursor, limit=2)
            pages.append([row.id for row in page.rows])
            cursor = page.next_cursor
        assert [len(page) for page in pages] == [2, 2, 2, 1]
        assert [one for page in pages for one in page] == whole


def test_the_list_leads_to_its_next_page_and_back(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        for _ in range(queries.PAGE_SIZE):
            it.another_conversation()
    log_in(client, acme.email("agent"))
    first = client.get("/w/acme/today?of=new").text
    assert f"{queries.PAGE_SIZE}+" in first
    (further,) = re.findall(r'href="([^"]+cursor=[^"]+)"', first)
    second = client.get(further.replace("&amp;", "&")).text
    assert f"/w/acme/inbox/{acme.conversation_id}" in second
    assert 'href="/w/acme/today?of=new"' in second
    assert client.get("/w/acme/today?of=new&cursor=nonsense").status_code == 400


def test_the_figures_ask_for_themselves_and_answer_nothing_while_nothing_changes(
    app: Flask, client: FlaskClient, acme: Company
) -> None:
    log_in(client, acme.email("agent"))
    home = client.get("/w/acme/").text
    (again,) = re.findall(r'hx-get="(/w/acme/glance[^"]+)"', home)
    assert client.get(again).status_code == 204
    with inside(app, acme) as it:
        it.another_conversation()
    fresh = client.get(again)
    assert (fresh.status_code, re.findall(r'class="drill"[^>]*>(\d+)<', fresh.text)[0]) == (200, "2")
    with inside(app, acme) as it:
        it.member("viewer").seen_at = it.member("viewer").active_at = now()
    assert "Viewer" in client.get(re.findall(r'hx-get="([^"]+)"', fresh.text)[0]).text


def test_an_empty_workspace_has_no_figures_and_no_errors(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        _forget_the_first(it)
        assert queries.today(now()) == queries.Today(0, 0, None, 0, 0, None)
    log_in(client, acme.email("viewer"))
    assert client.get("/w/acme/").status_code == 200
    for figure in queries.FIGURES:
        assert "None at the moment" in client.get(f"/w/acme/today?of={figure}").text
    assert client.get("/w/acme/today?of=tomorrow").status_code == 404


def test_each_figure_opens_the_conversations_behind_it(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    home = client.get("/w/acme/").text
    links = re.findall(r'class="drill" href="([^"]+)">([^<]*)', home)
    assert [text.strip() for _href, text in links][:2] == ["1", "0"]
    assert len(links) == 6
    for href, _text in links:
        assert client.get(href).status_code == 200
    assert f"/w/acme/inbox/{acme.conversation_id}" in client.get("/w/acme/today?of=new").text


def test_the_median_is_told_in_the_readers_words(app: Flask, client: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        it.conversation.first_response_at = it.conversation.created_at + timedelta(minutes=4)
        it.member("agent").user.locale = "es"
    log_in(client, acme.email("agent"))
    assert "4 min" in client.get("/w/acme/").text


def test_whoever_is_there_is_shown(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert "Here now" not in client.get("/w/acme/").text
    with inside(app, acme) as it:
        it.member("viewer").seen_at = it.member("viewer").active_at = now()
    home = client.get("/w/acme/").text
    assert "Here now" in home
    assert "Viewer" in home[home.index("Here now") :]
    assert "Admin" not in home[home.index("Here now") :]


def test_all_figures_are_one_query(app: Flask, acme: Company) -> None:
    statements: list[str] = []
    with inside(app, acme):
        event.listen(db.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
        queries.today(now() - HOUR)
    assert len([statement for statement in statements if "FROM conversation" in statement]) == 1


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        ("UTC", "2026-11-25T23:30:00", "2026-11-25T00:00:00"),
        ("Europe/Madrid", "2026-11-25T23:30:00", "2026-11-25T23:00:00"),
        ("America/New_York", "2026-11-25T02:00:00", "2026-11-24T05:00:00"),
        ("Australia/Lord_Howe", "2026-10-03T20:00:00", "2026-10-03T13:30:00"),
        ("Africa/Cairo", "2026-04-24T10:00:00", "2026-04-23T22:00:00"),  # midnight was skipped
    ],
)
def test_a_day_begins_where_the_workspace_is(
    monkeypatch: pytest.MonkeyPatch, zone: str, moment: str, expected: str
) -> None:
    monkeypatch.setattr(time_zones, "now", lambda: datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert time_zones.day_start(zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def _done(client: FlaskClient) -> str:
    found = re.search(r"(\d of \d) done", client.get("/w/acme/setup").text)
    return found.group(1) if found else "away"


def test_the_list_ticks_itself(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert _done(client) == "3 of 5"  # a project, a message and a team the company came with
    shown = client.get("/w/acme/").text
    assert "hx-get" in shown[shown.index('id="setup"') :][:200]
    assert client.get("/w/acme/setup?done=3").status_code == 204
    with inside(app, acme) as it:
        projects.note_seen(it.project, url="https://acme.example/")
    assert client.get("/w/acme/setup?done=3").status_code == 200
    assert _done(client) == "4 of 5"
    headers = {"Origin": ORIGIN, "X-CSRFToken": csrf_token(client)}
    client.post("/account/avatar", **upload(picture_file()), headers=headers)
    assert _done(client) == "away"
    assert 'id="setup"' not in client.get("/w/acme/").text


def test_each_role_is_asked_only_for_what_it_may_do(client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    assert _done(client) == "1 of 2"
    assert "Invite somebody" not in client.get("/w/acme/").text


def test_whoever_puts_the_list_away_does_so_for_themselves(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("owner"))
    assert post(client, "/w/acme/setup/dismissal", {}).location == "/w/acme/"
    assert 'id="setup"' not in client.get("/w/acme/").text
    other = app.test_client()
    log_in(other, acme.email("admin"))
    assert 'id="setup"' in other.get("/w/acme/").text


def test_a_new_workspace_begins_with_nothing_done(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("viewer"))
    post(client, "/workspaces", {"name": "Second", "slug": "second"})
    found = re.search(r"(\d of \d) done", client.get("/w/second/").text)
    assert found is not None
    assert found.group(1) == "0 of 5"


def test_another_companys_conversations_are_not_counted(app: Flask, acme: Company) -> None:
    globex = make_company(app, "globex")
    with inside(app, globex) as it:
        it.another_conversation()
        assert queries.today(now() - HOUR).new == 2
    with inside(app, acme):
        assert queries.today(now() - HOUR).new == 1
        assert {row.workspace_id for row in queries.behind("new", now() - HOUR).rows} == {acme.workspace_id}
        assert db.session.get(Conversation, globex.conversation_id) is None
