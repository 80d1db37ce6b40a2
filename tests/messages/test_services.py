"""What writing a message promises."""

import threading
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7
from chatapp.common.outbox import OutboxDelivery, OutboxEvent
from chatapp.conversations.models import Conversation
from chatapp.endusers import services as endusers
from chatapp.messages import queries, services
from chatapp.messages.models import Message
from tests.factories import Company, inside, make_company


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def test_the_first_message_begins_a_conversation_that_waits_unread(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        conversation = here.conversation
        assert (conversation.status, conversation.unread_count, conversation.last_seq) == ("open", 1, 1)
        assert conversation.preview == "hello acme"
        assert conversation.waiting_since is not None


def test_a_second_message_goes_to_the_same_open_conversation(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        visitor = endusers.ensure(acme.end_user_id)
        sent = services.receive(here.project, visitor, text="and again", client_id=uuid7())
        assert sent.message.conversation_id == acme.conversation_id
        assert sent.message.seq == 2


def test_the_same_client_id_is_written_once_and_answered_the_same(app: Flask, acme: Company) -> None:
    client_id = uuid7()
    with inside(app, acme) as here:
        first = services.receive(here.project, endusers.ensure(acme.end_user_id), text="once", client_id=client_id)
        assert first.is_new
        first_id = first.message.id
    with inside(app, acme) as here:
        again = services.receive(here.project, endusers.ensure(acme.end_user_id), text="once", client_id=client_id)
        assert (again.is_new, again.message.id) == (False, first_id)
        assert here.conversation.last_seq == 2


@pytest.mark.parametrize("changed", [{"text": "something else"}, {"conversation_id": UUID(int=7)}])
def test_the_same_client_id_for_something_else_is_refused(
    app: Flask, acme: Company, changed: dict[str, object]
) -> None:
    client_id = uuid7()
    with inside(app, acme) as here:
        visitor = endusers.ensure(acme.end_user_id)
        services.receive(here.project, visitor, text="once", client_id=client_id)
        with pytest.raises(AppError) as refused:
            services.receive(here.project, visitor, **{"text": "once", "client_id": client_id, **changed})  # type: ignore[arg-type]
        assert refused.value.status == 409


def test_a_note_under_the_client_id_of_a_reply_is_refused(app: Flask, acme: Company) -> None:
    client_id = uuid7()
    with inside(app, acme) as here:
        agent = here.member("agent")
        services.send_reply(here.conversation, by=agent, text="same words", client_id=client_id)
        with pytest.raises(AppError) as refused:
            services.send_reply(here.conversation, by=agent, text="same words", client_id=client_id, private=True)
        assert refused.value.status == 409


@pytest.mark.parametrize("text", ["", "   \n ", "\x00"])
def test_an_empty_text_is_refused_with_a_sentence(app: Flask, acme: Company, text: str) -> None:
    with inside(app, acme) as here, pytest.raises(AppError) as refused:
        services.send_reply(here.conversation, by=here.member("agent"), text=text, client_id=uuid7())
    assert refused.value.status == 422
    assert refused.value.fields == {"text": refused.value.sentence}


def test_a_text_over_the_limit_is_refused_and_at_the_limit_accepted(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        visitor = endusers.ensure(acme.end_user_id)
        at_limit = "x" * services.VISITOR_MAX_TEXT
        assert services.receive(here.project, visitor, text=at_limit, client_id=uuid7()).is_new
        with pytest.raises(AppError) as refused:
            services.receive(here.project, visitor, text=at_limit + "x", client_id=uuid7())
        assert refused.value.status == 422


def test_a_visitor_cannot_write_into_somebody_elses_conversation(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        stranger = endusers.ensure(uuid7())
        with pytest.raises(AppError) as refused:
            services.receive(
                here.project, stranger, text="let me in", client_id=uuid7(), conversation_id=acme.conversation_id
            )
        assert refused.value.status == 404


def test_a_reply_ends_the_waiting_and_the_first_one_is_measured(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        sent = services.send_reply(here.conversation, by=here.member("agent"), text="hi", client_id=uuid7())
        conversation = here.conversation
        assert conversation.waiting_since is None
        assert conversation.unread_count == 0
        assert conversation.first_response_at == sent.message.created_at


def test_a_note_changes_neither_preview_nor_waiting(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        before = here.conversation.waiting_since
        services.send_reply(here.conversation, by=here.member("agent"), text="secret", client_id=uuid7(), private=True)
        assert here.conversation.preview == "hello acme"
        assert here.conversation.waiting_since == before


def test_a_note_never_reaches_the_visitor(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        agent = here.member("agent")
        services.send_reply(here.conversation, by=agent, text="a reply", client_id=uuid7())
        services.send_reply(here.conversation, by=agent, text="a note", client_id=uuid7(), private=True)
        for_agents = [message.text for message in queries.since(acme.conversation_id, 0)]
        for_visitor = [message.text for message in queries.since(acme.conversation_id, 0, for_visitor=True)]
    assert for_agents == ["hello acme", "a reply", "a note"]
    assert for_visitor == ["hello acme", "a reply"]


def test_a_visitors_message_opens_a_closed_conversation_again(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        services.close(here.conversation, by=here.member("agent"))
        assert here.conversation.is_closed
        services.receive(
            here.project,
            endusers.ensure(acme.end_user_id),
            text="one more thing",
            client_id=uuid7(),
            conversation_id=acme.conversation_id,
        )
        assert here.conversation.status == "open"


def test_closing_twice_says_so_once(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        agent = here.member("agent")
        services.close(here.conversation, by=agent)
        services.close(here.conversation, by=agent)
        lines = [m.activity["name"] for m in queries.since(acme.conversation_id, 0) if m.activity]
    assert lines == ["closed"]


def test_ten_writers_at_once_leave_no_hole_and_no_double(app: Flask, acme: Company) -> None:
    failures: list[Exception] = []

    def write(number: int) -> None:
        try:
            with inside(app, acme) as here:
                services.send_reply(here.conversation, by=here.member("agent"), text=f"{number}", client_id=uuid7())
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(10)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    with inside(app, acme) as here:
        seqs = list(db.session.scalars(select(Message.seq).order_by(Message.seq)))
        assert seqs == list(range(1, 12))
        assert here.conversation.last_seq == 11


def test_two_first_messages_at_once_meet_in_one_conversation(app: Flask, acme: Company) -> None:
    newcomer, client_id = uuid7(), uuid7()

    def write() -> None:
        with inside(app, acme) as here:
            services.receive(here.project, endusers.ensure(newcomer), text="first", client_id=client_id)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with inside(app, acme):
        assert db.session.scalar(select(func.count()).where(Conversation.end_user_id == newcomer)) == 1
        assert db.session.scalar(select(func.count()).where(Message.client_id == client_id)) == 1


def test_a_refused_message_leaves_nothing_behind(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        before = db.session.scalar(select(func.count(OutboxEvent.id)))
    with pytest.raises(AppError):
        _write_twice_badly(app, acme)
    with inside(app, acme) as here:
        assert db.session.scalar(select(func.count(OutboxEvent.id))) == before
        assert here.conversation.last_seq == 1


def _write_twice_badly(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        services.send_reply(here.conversation, by=here.member("agent"), text="written", client_id=uuid7())
        services.send_reply(here.conversation, by=here.member("agent"), text="", client_id=uuid7())


def test_an_event_and_its_deliveries_are_written_with_the_message(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        names = db.session.scalars(select(OutboxEvent.name).order_by(OutboxEvent.id)).all()
        handlers = db.session.scalars(select(OutboxDelivery.handler)).all()
    assert names == ["ConversationStarted", "MessageCreated", "TurnChanged"]
    assert set(handlers) == {
        "endusers.handlers.note_message",
        "notifications.handlers.note_message",
        "sla.handlers.follow_thread",
        "unseen.handlers.note_message",
    }


def test_an_answer_that_crosses_another_agents_is_held(app: Flask, acme: Company) -> None:
    with inside(app, acme) as here:
        seen = here.conversation.last_seq
        services.send_reply(here.conversation, by=here.member("admin"), text="We ship on Tuesday.", client_id=uuid7())
    with inside(app, acme) as here, pytest.raises(services.CrossedAnswerError, match="We ship on Tuesday"):
        services.send_reply(here.conversation, by=here.member("agent"), text="No idea.", client_id=uuid7(), seen=seen)
    with inside(app, acme) as here:
        assert here.conversation.last_seq == seen + 1


def test_what_crosses_no_answer_is_not_held(app: Flask, acme: Company) -> None:
    """Notes, the visitor, oneself, what was seen, and the same message again."""
    with inside(app, acme) as here:
        agent, admin, seen, client_id = here.member("agent"), here.member("admin"), 1, uuid7()
        services.send_reply(here.conversation, by=admin, text="A note", client_id=uuid7(), private=True)
        services.send_reply(here.conversation, by=agent, text="Mine", client_id=uuid7())
        services.receive(here.project, endusers.ensure(acme.end_user_id), text="Hello?", client_id=uuid7())
        first = services.send_reply(here.conversation, by=agent, text="1", client_id=client_id, seen=seen)
        services.send_reply(here.conversation, by=admin, text="Theirs", client_id=uuid7())
        again = services.send_reply(here.conversation, by=agent, text="1", client_id=client_id, seen=seen)
        note = services.send_reply(here.conversation, by=agent, text="2", client_id=uuid7(), seen=seen, private=True)
        later = services.send_reply(
            here.conversation, by=agent, text="3", client_id=uuid7(), seen=here.conversation.last_seq
        )
        anyway = services.send_reply(here.conversation, by=agent, text="4", client_id=uuid7())
    assert [sent.is_new for sent in (first, again, note, later, anyway)] == [True, False, True, True, True]
