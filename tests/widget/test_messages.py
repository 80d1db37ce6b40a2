"""Writing and reading as a visitor: exactly once, in order, and nothing half-written."""

import threading
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.conversations import queries as conversations
from chatapp.endusers.models import EndUser, VisitorSession
from chatapp.messages import services
from chatapp.messages.models import Message
from tests.factories import Company, inside, make_company
from tests.support.visitor import Visitor


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def visitor(client: FlaskClient, acme: Company) -> Visitor:
    return Visitor(client, acme.site_key)


def count(app: Flask, acme: Company, model: type) -> int:
    with inside(app, acme):
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def reply(app: Flask, acme: Company, conversation_id: str, text: str, *, private: bool = False) -> None:
    with inside(app, acme) as here:
        conversation = conversations.conversation(UUID(conversation_id))
        services.send_reply(conversation, by=here.member("agent"), text=text, client_id=uuid7(), private=private)


def test_the_first_message_makes_the_visitor_the_conversation_and_the_session(
    app: Flask, acme: Company, visitor: Visitor
) -> None:
    answer = visitor.send("hello")
    assert answer.status_code == 201
    assert answer.json.keys() == {"id", "client_id", "conversation_id", "seq", "created_at"}
    assert answer.json["seq"] == 1
    with inside(app, acme):
        session = db.session.scalars(select(VisitorSession)).one()
        assert str(session.end_user_id) == visitor.json["visitor_id"]
        assert visitor.token not in session.token_hash


def test_the_same_message_again_is_200_with_the_same_answer(app: Flask, acme: Company, visitor: Visitor) -> None:
    client_id = str(uuid4())
    first, second = (visitor.send("once", client_id=client_id) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert visitor.texts(first.json["conversation_id"]) == ["once"]


def test_another_text_under_the_same_client_id_is_409_and_changes_nothing(visitor: Visitor) -> None:
    sent = visitor.send("once").json
    assert visitor.send("twice", client_id=sent["client_id"]).status_code == 409
    assert visitor.texts(sent["conversation_id"]) == ["once"]


def test_two_first_messages_at_once_are_one_message_in_one_conversation(
    app: Flask, acme: Company, visitor: Visitor
) -> None:
    client_id, answers = str(uuid4()), []
    together = threading.Barrier(2)

    def send() -> None:
        with app.test_client() as own:
            together.wait()
            body = {"client_id": client_id, "text": "hello"}
            answers.append(own.post("/widget/messages", json=body, headers=visitor.headers))

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert answers[0].json == answers[1].json
    with inside(app, acme):
        mine = select(func.count()).select_from(Message).where(Message.client_id == UUID(client_id))
        assert db.session.scalar(mine) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": ""}, 422),
        ({"text": " \n\t "}, 422),
        ({"text": "\x00"}, 422),
        ({"text": "x" * 4001}, 422),
        ({"text": None}, 422),
        ({"text": 7}, 422),
        ({"text": ["a"]}, 422),
        ({}, 422),
        ({"text": "hello", "client_id": "not-a-uuid"}, 422),
        ({"text": "hello", "client_id": None}, 422),
        ({"text": "hello", "client_id": 5}, 422),
        ({"text": "hello", "conversation_id": "nonsense"}, 404),
        ({"text": "hello", "conversation_id": str(UUID(int=9))}, 404),
        ({"text": "hello", "attachment_ids": ["x"]}, 422),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_writes_nothing(
    app: Flask, acme: Company, visitor: Visitor, body: dict[str, object], status: int
) -> None:
    answer = visitor.post("/widget/messages", {"client_id": str(uuid4()), **body})
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["detail"]
    assert count(app, acme, EndUser) == 1
    assert count(app, acme, Message) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null", b'{"text": \xff}'])
def test_malformed_json_is_400(client: FlaskClient, visitor: Visitor, body: bytes) -> None:
    answer = client.post("/widget/messages", data=body, content_type="application/json", headers=visitor.headers)
    assert answer.status_code == 400


def test_a_text_of_exactly_four_thousand_characters_is_taken(visitor: Visitor) -> None:
    assert visitor.send("é" * 4000).status_code == 201


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer forged.x.y"}])
def test_without_a_good_token_nothing_is_taken_or_told(
    client: FlaskClient, acme: Company, header: dict[str, str]
) -> None:
    body = {"client_id": str(uuid4()), "text": "hello"}
    assert client.post("/widget/messages", json=body, headers=header).status_code == 401
    query = {"conversation_id": str(acme.conversation_id)}
    assert client.get("/widget/messages", query_string=query, headers=header).status_code == 401


def test_a_revoked_token_is_nobodys(app: Flask, acme: Company, visitor: Visitor) -> None:
    conversation_id = visitor.send().json["conversation_id"]
    with inside(app, acme):
        db.session.delete(db.session.scalars(select(VisitorSession)).one())
    assert visitor.send("again").status_code == 401
    assert visitor.get(conversation_id=conversation_id).status_code == 401


def test_somebody_elses_conversation_does_not_exist(app: Flask, acme: Company, visitor: Visitor) -> None:
    visitor.send()
    foreign = str(acme.conversation_id)
    unknown = visitor.get(conversation_id=str(uuid4()))
    assert visitor.get(conversation_id=foreign).data == unknown.data
    assert unknown.status_code == 404
    assert visitor.send("mine?", conversation_id=foreign).status_code == 404
    for what in ("read", "typing", "rating", "close"):
        body = {"rating": 5} if what == "rating" else {}
        assert visitor.post(f"/widget/conversations/{foreign}/{what}", body).status_code == 404
    with inside(app, acme) as here:
        assert (here.conversation.status, here.conversation.rating) == ("open", None)


def test_since_brings_what_is_new_and_never_a_private_note(app: Flask, acme: Company, visitor: Visitor) -> None:
    conversation_id = visitor.send("one").json["conversation_id"]
    reply(app, acme, conversation_id, "for us alone", private=True)
    reply(app, acme, conversation_id, "Hi! See https://acme.example")
    answer = visitor.get(conversation_id=conversation_id, since=1).json
    (message,) = answer["messages"]
    assert (message["seq"], answer["seq"], answer["more"]) == (3, 3, False)
    assert message["author"]["type"] == "agent"
    assert 'href="https://acme.example"' in message["html"]
    assert visitor.texts(conversation_id) == ["one", "Hi! See https://acme.example"]
    assert visitor.get(conversation_id=conversation_id, since=3).json["messages"] == []


def test_what_the_team_has_read_is_marked_read(app: Flask, acme: Company, visitor: Visitor) -> None:
    conversation_id = visitor.send("one").json["conversation_id"]
    assert visitor.get(conversation_id=conversation_id).json["messages"][0]["state"] == "sent"
    reply(app, acme, conversation_id, "read it")
    assert visitor.get(conversation_id=conversation_id).json["messages"][0]["state"] == "read"


def test_it_says_how_many_have_waited_longer_until_somebody_answers(
    app: Flask, acme: Company, client: FlaskClient, visitor: Visitor
) -> None:
    first = visitor.send("one").json["conversation_id"]
    late = Visitor(client, acme.site_key)
    second = late.send("two").json["conversation_id"]
    told = [one.get(conversation_id=talk).json["ahead"] for one, talk in ((visitor, first), (late, second))]
    assert told == [1, 2]  # the one that the company came with waits, too
    reply(app, acme, first, "here I am")
    assert visitor.get(conversation_id=first).json["ahead"] is None
    assert late.get(conversation_id=second).json["ahead"] == 1


def test_a_long_history_comes_in_pages_without_a_gap(app: Flask, acme: Company, visitor: Visitor) -> None:
    conversation_id = visitor.send("0").json["conversation_id"]
    for number in range(1, 60):
        reply(app, acme, conversation_id, str(number))
    latest = visitor.get(conversation_id=conversation_id).json
    assert [message["text"] for message in latest["messages"]] == [str(number) for number in range(10, 60)]
    assert latest["has_older"]
    older = visitor.get(conversation_id=conversation_id, before=latest["messages"][0]["seq"]).json
    assert [message["text"] for message in older["messages"]] == [str(number) for number in range(10)]
    assert not older["has_older"]


def test_catching_up_says_when_there_is_more(
    app: Flask, acme: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = visitor.send("0").json["conversation_id"]
    for number in range(1, 5):
        reply(app, acme, conversation_id, str(number))
    monkeypatch.setattr("chatapp.messages.queries.since.__kwdefaults__", {"for_visitor": False, "limit": 2})
    monkeypatch.setattr("chatapp.messages.queries.CATCH_UP_LIMIT", 2)
    seen, since, more = [], 0, True
    while more:
        answer = visitor.get(conversation_id=conversation_id, since=since).json
        seen += [message["text"] for message in answer["messages"]]
        since, more = answer["seq"], answer["more"]
    assert seen == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("query", [{"since": "x"}, {"since": "-1"}, {"before": "1.5"}, {"wait": "9" * 30}])
def test_bad_numbers_are_400(visitor: Visitor, query: dict[str, str]) -> None:
    conversation_id = visitor.send().json["conversation_id"]
    assert visitor.get(conversation_id=conversation_id, **query).status_code == 400


def test_twenty_five_rapid_messages_meet_the_limit(visitor: Visitor) -> None:
    answers = [visitor.send(str(number)) for number in range(25)]
    assert [answer.status_code for answer in answers] == [201] * 20 + [429] * 5
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert len(visitor.texts(answers[0].json["conversation_id"])) == 20


def test_reading_rating_and_closing(app: Flask, acme: Company, visitor: Visitor) -> None:
    conversation_id = visitor.send("one").json["conversation_id"]
    reply(app, acme, conversation_id, "two")
    path = f"/widget/conversations/{conversation_id}"
    assert visitor.post(f"{path}/read", {"seq": 2}).status_code == 204
    assert visitor.post(f"{path}/read", {"seq": 1}).status_code == 204
    assert visitor.post(f"{path}/typing", {}).status_code == 204
    assert visitor.post(f"{path}/rating", {"rating": 6}).status_code == 422
    assert visitor.post(f"{path}/rating", {"rating": 5, "comment": "lovely"}).status_code == 204
    assert visitor.post(f"{path}/close", {}).status_code == 204
    with inside(app, acme):
        conversation = conversations.conversation(UUID(conversation_id))
        assert (conversation.visitor_read_seq, conversation.rating, conversation.rating_comment) == (2, 5, "lovely")
        assert conversation.is_closed
    assert visitor.send("one more thing", conversation_id=conversation_id).status_code == 201
    with inside(app, acme):
        assert not conversations.conversation(UUID(conversation_id)).is_closed
