"""The short way of a visitor's further message: the same rows as the long way, and nothing when it is not its case."""

import threading
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from chatapp.common.db import Base, db
from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxDelivery, OutboxEvent
from chatapp.conversations.models import Conversation
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EndUser
from chatapp.messages import services
from chatapp.messages.models import Message
from tests.factories import Company, Inside, inside, make_company

TOUCHED: tuple[type[Base], ...] = (Conversation, EndUser, Message, OutboxEvent, OutboxDelivery)
TEXT = "  and where  is\nmy order? <b>" + "x" * 200


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def further(here: Inside, *, text: str = TEXT, client_id: UUID | None = None, **others: Any) -> services.Sent | None:
    company = here.company
    places = {"visitor_id": company.end_user_id, "conversation_id": company.conversation_id} | others
    return services.receive_further(here.project, text=text, client_id=client_id or uuid7(), **places)


def long_way(here: Inside) -> None:
    company = here.company
    visitor = endusers.ensure(company.end_user_id)
    services.receive(here.project, visitor, text=TEXT, client_id=uuid7(), conversation_id=company.conversation_id)


def rows(app: Flask, company: Company) -> list[tuple[str, dict[str, object]]]:
    """Everything there is, with what differs anyway (keys, times and names) replaced by whether it is set."""
    with inside(app, company):
        return [(table.__name__, _shape(row)) for table in TOUCHED for row in db.session.scalars(_ordered(table))]


def _ordered(table: Any) -> Any:
    return select(table).order_by(table.id)


def _shape(row: Any) -> dict[str, object]:
    columns = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    return {name: _shown(value) for name, value in columns.items()}


def _shown(value: object) -> object:
    if isinstance(value, dict):
        return {name: _shown(inner) for name, inner in value.items()}
    if isinstance(value, str) and (len(value) >= 32 and "x" not in value):
        return "an id or a time"
    return value if value is None or isinstance(value, int | str | list) else type(value).__name__


def test_the_short_way_leaves_the_same_rows_as_the_long_one(app: Flask, acme: Company) -> None:
    other = make_company(app, "globex")
    for company in (acme, other):
        with inside(app, company) as here:
            db.session.get_one(Message, company.message_id).text = here.conversation.preview = "the same"
    before = rows(app, acme)
    with inside(app, acme) as here:
        assert further(here) is not None
    with inside(app, other) as here:
        long_way(here)

    written = rows(app, acme)
    assert len(written) == len(before) + 5  # a message, its event, its three deliveries
    assert written == rows(app, other)


def test_it_numbers_and_shows_what_it_wrote(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        sent = further(here)
        assert sent is not None
        assert (sent.is_new, sent.message.seq, sent.message.revision) == (True, 2, 2)
        assert sent.message.conversation.last_seq == 2
        assert sent.message.conversation.preview == " ".join(TEXT.split())[:140]


def test_too_long_a_text_is_refused_before_anything_is_written(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here, pytest.raises(AppError) as refused:
        further(here, text="x" * 4_001)
    assert refused.value.status == 422


def test_whatever_is_not_its_case_it_leaves_alone(app: Flask, acme: Company) -> None:
    globex, client_id = make_company(app, "globex"), uuid7()
    with inside(app, acme) as here:
        elsewhere = here.another_conversation()
        assert further(here, client_id=client_id) is not None
    before = rows(app, acme), rows(app, globex)

    with inside(app, acme) as here:
        assert further(here, client_id=client_id) is None
        assert further(here, conversation_id=elsewhere.id) is None
        assert further(here, conversation_id=globex.conversation_id) is None
        assert further(here, conversation_id=globex.conversation_id, visitor_id=globex.end_user_id) is None
        assert further(here, conversation_id=uuid7()) is None
    assert (rows(app, acme), rows(app, globex)) == before


@pytest.mark.parametrize("put_away", [services.close, services.set_pending, partial(services.snooze, until=None)])
def test_a_conversation_that_is_not_open_is_not_its_case(app: Flask, acme: Company, put_away: Any) -> None:
    with inside(app, acme) as here:
        moment = here.conversation.waiting_since
        put_away(here.conversation, by=here.member("agent"))
        here.conversation.waiting_since = moment  # that nobody waits is not what keeps it from the short way
    with inside(app, acme) as here:
        assert further(here) is None


def test_the_same_message_sent_many_times_in_one_moment_is_written_once(app: Flask, acme: Company) -> None:
    client_id, ids, start = uuid7(), [], threading.Barrier(6)

    def send() -> None:
        with inside(app, acme) as here:
            start.wait(30)
            sent = further(here, client_id=client_id) or services.receive(
                here.project, endusers.ensure(acme.end_user_id), text=TEXT, client_id=client_id
            )
            ids.append(sent.message.id)

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert len(ids) == 6
    assert len(set(ids)) == 1
    with inside(app, acme) as here:
        assert here.conversation.last_seq == 2
