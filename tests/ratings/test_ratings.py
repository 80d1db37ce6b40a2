"""One rating each time that a conversation was closed, however often it is sent."""

import threading
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chatapp.common.db import db
from chatapp.conversations import queries as conversations
from chatapp.messages import services as messages
from chatapp.messages.models import Message
from chatapp.ratings.models import Rating
from tests.factories import Company, inside, make_company
from tests.support.visitor import Visitor


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def visitor(client: FlaskClient, acme: Company) -> Visitor:
    return Visitor(client, acme.site_key)


def rate(visitor: Visitor, conversation_id: str, rating: int, comment: str = "") -> None:
    path = f"/widget/conversations/{conversation_id}/rating"
    assert visitor.post(path, {"rating": rating, "comment": comment}).status_code == 204


def held(app: Flask, acme: Company, conversation_id: str) -> tuple[list[tuple[int, str | None]], list[object]]:
    """Every rating, and what the lines in the thread say."""
    with inside(app, acme):
        ratings = db.session.scalars(select(Rating).order_by(Rating.id)).all()
        here = (Message.conversation_id == UUID(conversation_id), Message.kind == "activity")
        lines = [line.activity or {} for line in db.session.scalars(select(Message).where(*here).order_by(Message.seq))]
        told = [(line["score"], line["comment"]) for line in lines if line["name"] == "rated"]
        return [(one.score, one.comment) for one in ratings], list(told)


def test_a_rating_is_one_and_can_change_until_the_conversation_opens_again(
    app: Flask, acme: Company, visitor: Visitor
) -> None:
    conversation_id = visitor.send("one").json["conversation_id"]
    close = f"/widget/conversations/{conversation_id}/close"
    visitor.post(close, {})
    for _again in range(2):
        rate(visitor, conversation_id, 2, "slow")
    rate(visitor, conversation_id, 5, "sorry, wonderful")
    assert held(app, acme, conversation_id) == ([(5, "sorry, wonderful")], [(5, "sorry, wonderful")])
    (talk,) = Visitor(visitor.client, acme.site_key, token=visitor.token).json["conversations"]
    assert (talk["rating"], talk["rating_comment"]) == (5, "sorry, wonderful")
    visitor.send("one more thing", conversation_id=conversation_id)
    (talk,) = Visitor(visitor.client, acme.site_key, token=visitor.token).json["conversations"]
    assert (talk["rating"], talk["rating_comment"]) == (None, None)
    visitor.post(close, {})
    rate(visitor, conversation_id, 1)
    both = [(5, "sorry, wonderful"), (1, None)]
    assert held(app, acme, conversation_id) == (both, both)


def test_it_names_who_had_the_conversation_then(app: Flask, acme: Company, visitor: Visitor) -> None:
    conversation_id = visitor.send("one").json["conversation_id"]
    with inside(app, acme) as here:
        conversation = conversations.conversation(UUID(conversation_id))
        messages.assign(conversation, to=here.member("agent"), by=here.member("admin"))
        messages.close(conversation, by=here.member("agent"))
    rate(visitor, conversation_id, 4)
    with inside(app, acme):
        assert db.session.scalars(select(Rating.agent_id)).one() == acme.members["agent"]


def test_two_clicks_at_once_are_one_rating(app: Flask, acme: Company, visitor: Visitor) -> None:
    conversation_id = visitor.send("one").json["conversation_id"]
    visitor.post(f"/widget/conversations/{conversation_id}/close", {})
    together = threading.Barrier(2)

    def click() -> None:
        with app.test_client() as own:
            together.wait()
            path = f"/widget/conversations/{conversation_id}/rating"
            own.post(path, json={"rating": 3, "comment": "so-so"}, headers=visitor.headers)

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert held(app, acme, conversation_id) == ([(3, "so-so")], [(3, "so-so")])
