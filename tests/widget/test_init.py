"""`POST /widget/init`: who is let in, and what they are told."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from chatapp.common import clock
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.conversations import queries as conversations
from chatapp.endusers import queries as enduser_queries
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EndUser
from chatapp.hours import queries as hours
from chatapp.messages import services as messages
from chatapp.projects import services as projects
from chatapp.widget import tokens
from tests.factories import Company, inside, make_company, make_hours
from tests.support.visitor import Visitor

ALLOWED = "https://acme.example"
FOREIGN = "https://evil.example"


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def test_a_program_opens_a_session_with_nothing_but_the_key(client: FlaskClient, acme: Company) -> None:
    answer = Visitor(client, acme.site_key).json
    assert answer["project"]["name"] == "Acme Shop"
    assert answer["conversations"] == []
    assert {"token", "visitor_id", "online", "reply_time"} <= answer.keys()


def test_opening_writes_no_visitor(app: Flask, client: FlaskClient, acme: Company) -> None:
    Visitor(client, acme.site_key)
    with inside(app, acme):
        assert db.session.scalar(select(func.count()).select_from(EndUser)) == 1  # the one the company came with


def test_an_unknown_key_is_404_with_a_sentence(client: FlaskClient, acme: Company) -> None:
    answer = client.post("/widget/init", json={"key": "no-such-key"})
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json["detail"] == "There is no chat with this key."


@pytest.mark.parametrize("body", [b"", b'{"key":', b"[]", b'"text"', b"\xff\xfe"])
def test_malformed_json_is_400(client: FlaskClient, acme: Company, body: bytes) -> None:
    answer = client.post("/widget/init", data=body, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize(
    ("origin", "page", "status"),
    [
        (None, None, 200),
        (ALLOWED, None, 200),
        ("https://www.acme.example", None, 200),
        (FOREIGN, None, 403),
        ("null", None, 403),
        ("http://localhost", f"{ALLOWED}/lamps?x=1", 200),
        ("http://localhost", f"{FOREIGN}/lamps", 403),
        (None, "file:///home/me/index.html", 403),
        (None, "https://acme.example.evil.example/", 403),
        (None, "https://evil.example#https://acme.example", 403),
        (None, "javascript:alert(1)", 403),
    ],
)
def test_only_the_projects_own_sites_may_show_the_chat(
    client: FlaskClient, acme: Company, origin: str | None, page: str | None, status: int
) -> None:
    body = {"key": acme.site_key, "page": {"url": page}} if page else {"key": acme.site_key}
    answer = client.post("/widget/init", json=body, headers={"Origin": origin} if origin else {})
    assert answer.status_code == status, answer.text


def test_the_refusal_names_the_site_in_the_visitors_language(client: FlaskClient, acme: Company) -> None:
    headers = {"Origin": FOREIGN, "Accept-Language": "en-GB"}
    answer = client.post("/widget/init", json={"key": acme.site_key}, headers=headers)
    assert "evil.example" in answer.json["detail"]


def test_the_site_is_seen(app: Flask, client: FlaskClient, acme: Company) -> None:
    Visitor(client, acme.site_key, page={"url": f"{ALLOWED}/lamps?reset=secret#more"})
    with inside(app, acme) as here:
        assert here.project.last_seen_url == f"{ALLOWED}/lamps"
        assert here.project.last_seen_at is not None


def test_coming_back_with_the_token_shows_past_conversations(app: Flask, client: FlaskClient, acme: Company) -> None:
    visitor = Visitor(client, acme.site_key)
    assert visitor.json["conversations"] == []
    conversation_id = visitor.send("is it back?").json["conversation_id"]
    with inside(app, acme) as here:
        messages.send_reply(
            conversations.conversation(UUID(conversation_id)), by=here.member("agent"), text="It is.", client_id=uuid7()
        )
        projects.note_reply_time(here.project, seconds=240)
    again = Visitor(client, acme.site_key, token=visitor.token).json
    assert again["visitor_id"] == visitor.json["visitor_id"]
    assert again["reply_time"] == 240
    (talk,) = again["conversations"]
    assert (talk["id"], talk["preview"], talk["unread"], talk["status"]) == (conversation_id, "It is.", 1, "open")


@pytest.mark.parametrize("forged", ["nonsense", "W10.aaaa.bbbb", "x" * 5000])
def test_a_token_that_is_no_good_makes_a_new_visitor(client: FlaskClient, acme: Company, forged: str) -> None:
    known = Visitor(client, acme.site_key)
    assert Visitor(client, acme.site_key, token=forged).json["visitor_id"] != known.json["visitor_id"]


def test_who_logs_out_comes_back_as_somebody_new_and_their_other_device_stays(
    app: Flask, client: FlaskClient, acme: Company
) -> None:
    visitor = Visitor(client, acme.site_key)
    visitor.send("mine")
    with inside(app, acme) as here:
        other = tokens.issue(here.project, UUID(visitor.json["visitor_id"]))
        endusers.open_session(
            enduser_queries.end_user(other.visitor_id), token_hash=other.hash, expires_at=other.expires_at
        )
    answer = client.post("/widget/logout", json={"key": acme.site_key, "token": visitor.token})
    assert answer.status_code == 204
    assert visitor.send("still me?").status_code == 401
    again = Visitor(client, acme.site_key, token=visitor.token).json
    assert (again["conversations"], again["visitor_id"] == visitor.json["visitor_id"]) == ([], False)
    assert len(Visitor(client, acme.site_key, token=other.text).json["conversations"]) == 1


def test_another_projects_token_makes_a_new_visitor(app: Flask, client: FlaskClient, acme: Company) -> None:
    globex = make_company(app, "globex")
    stranger = Visitor(client, globex.site_key)
    stranger.send("hello globex")
    answer = Visitor(client, acme.site_key, token=stranger.token).json
    assert answer["visitor_id"] != stranger.json["visitor_id"]
    assert answer["conversations"] == []


def test_a_known_visitors_token_is_replaced_after_a_day_and_both_are_good(
    client: FlaskClient, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(client, acme.site_key)
    visitor.send("hello")
    assert Visitor(client, acme.site_key, token=visitor.token).token == visitor.token
    monkeypatch.setattr("chatapp.widget.tokens.ROTATED_AFTER", timedelta(0))
    fresh = Visitor(client, acme.site_key, token=visitor.token)
    assert fresh.token != visitor.token
    assert [visitor.send("old").status_code, fresh.send("new").status_code] == [201, 201]


def test_the_thirty_first_opening_in_a_minute_waits(client: FlaskClient, acme: Company) -> None:
    statuses = [client.post("/widget/init", json={"key": acme.site_key}) for _ in range(31)]
    assert [answer.status_code for answer in statuses] == [200] * 30 + [429]
    assert 0 < int(statuses[-1].headers["Retry-After"]) <= 60


def test_our_own_page_gets_the_token_in_a_partitioned_cookie(client: FlaskClient, acme: Company) -> None:
    own = {"Origin": "http://localhost"}
    first = client.post("/widget/init", json={"key": acme.site_key}, headers=own)
    (cookie,) = first.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-chatapp-visitor-")
    for word in ("Secure", "HttpOnly", "Partitioned", "SameSite=None", "Path=/"):
        assert word in cookie
    sent = cookie.partition(";")[0]
    again = client.post("/widget/init", json={"key": acme.site_key}, headers={**own, "Cookie": sent})
    assert again.json["visitor_id"] == first.json["visitor_id"]
    elsewhere = client.post("/widget/init", json={"key": acme.site_key}, headers={"Cookie": sent})
    assert elsewhere.json["visitor_id"] != first.json["visitor_id"]


def test_a_strange_clock_does_not_extend_a_token(
    app: Flask, client: FlaskClient, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(client, acme.site_key)
    visitor.send("hello")
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr("itsdangerous.timed.time.time", later.timestamp)
    assert visitor.send("still me?").status_code == 401
    assert Visitor(client, acme.site_key, token=visitor.token).json["visitor_id"] != visitor.json["visitor_id"]


def test_it_says_whether_it_is_business_hours_and_when_they_begin(
    app: Flask, client: FlaskClient, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(moment: str) -> tuple[object, object]:
        monkeypatch.setattr("chatapp.widget.visits.now", lambda: datetime.fromisoformat(moment))
        answer = Visitor(client, acme.site_key).json
        return answer["open"], answer["next_open_at"]

    sunday = "2026-11-29T12:00:00+00:00"
    assert told(sunday) == (None, None)
    with inside(app, acme):
        hours.schedule(acme.hours_id).is_default = True
    assert told(sunday) == (False, "2026-11-30T08:00:00Z")
    assert told("2026-11-30T08:00:00+00:00") == (True, None)
    with inside(app, acme) as here:
        here.project.hours_id = make_hours(name="Never", week={str(day): [] for day in range(7)}).id
    assert told(sunday) == (False, None)
