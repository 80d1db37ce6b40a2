"""Merge, split, move: nothing said is lost or doubled, numbers only go up, and each can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.attachments import queries as attachments
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.conversations import queries as conversations
from chatapp.conversations import services as conversation_services
from chatapp.endusers import services as endusers
from chatapp.jobs import schedule, search
from chatapp.messages import queries as messages
from chatapp.messages import services as message_services
from chatapp.messages.models import Message
from chatapp.reshaping import queries, services
from chatapp.reshaping.services import threads
from chatapp.scheduled import services as scheduled
from chatapp.search.models import MessageWords
from chatapp.undo import services as undo
from chatapp.undo.models import Deed
from chatapp.widget import tokens
from tests.factories import Company, Inside, inside, make_company, with_attachment
from tests.support.web_client import log_in, post


@dataclass(frozen=True)
class Pair:
    """One visitor's two conversations: 1 and 3 were said in the first, 2 and 4 in the second."""

    company: Company
    one: UUID
    two: UUID


@pytest.fixture
def pair(app: Flask) -> Pair:
    company = with_attachment(app, make_company(app))
    with inside(app, company) as it:
        two = conversation_services.start(it.project, it.conversation.end_user)
        db.session.flush()
        for number, conversation_id in ((3, company.conversation_id), (2, two.id), (4, two.id)):
            visitor = it.conversation.end_user
            what = {"text": str(number), "client_id": uuid4(), "conversation_id": conversation_id}
            message_services.receive(it.project, visitor, **what)
        message_services.close(conversations.conversation(company.conversation_id), by=it.member("agent"))
        note = conversations.conversation(two.id)
        files = {"attachment_ids": (), "private": True}
        message_services.send_reply(note, by=it.member("agent"), text="5", client_id=uuid4(), **files)
        made = Pair(company, company.conversation_id, two.id)
    with inside(app, company):
        for message in db.session.query(Message):
            order = {"hello acme": 1}.get(message.text) or (int(message.text) if message.text else 6)
            message.created_at = now() - timedelta(hours=10 - order)
            if message.text == "2":
                conversations.conversation(two.id).waiting_since = message.created_at
    with app.app_context():
        search.look_through()
    return made


def texts(conversation_id: UUID) -> list[str]:
    return [one.text or one.activity["name"] for one in messages.latest(conversation_id) if one.text or one.activity]


def facts(conversation_id: UUID) -> dict[str, Any]:
    found = conversations.conversation(conversation_id)
    names = ("preview", "status", "unread_count", "waiting_since", "merged_into_id", "end_user_id")
    return {name: getattr(found, name) for name in names}


def merge(it: Inside, pair: Pair) -> Deed:
    one, two = conversations.conversation(pair.one), conversations.conversation(pair.two)
    return services.merge(two, into=one, by=it.member("agent"))


def test_what_was_said_comes_in_the_order_of_time_and_what_was_done_stays(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company):
        before = {one.id: one.seq for one in messages.latest(pair.one)}
        epochs = {one: conversations.conversation(one).epoch for one in (pair.one, pair.two)}
        last = conversations.conversation(pair.one).last_seq
    with inside(app, pair.company) as it:
        merge(it, pair)
    with inside(app, pair.company):
        assert texts(pair.one) == ["hello acme", "2", "3", "4", "5", "closed", "merged_in", "reopened"]
        assert texts(pair.two) == ["closed", "merged_away"]
        rows = messages.latest(pair.one)
        assert len({row.seq for row in rows}) == len(rows)
        assert all(row.seq in (before.get(row.id), row.revision) and row.revision == row.seq for row in rows)
        assert all(row.seq > last for row in rows[1:])
        target, source = conversations.conversation(pair.one), conversations.conversation(pair.two)
        assert (target.preview, target.status, source.status) == ("4", "open", "closed")
        assert (target.unread_count, source.unread_count) == (4, 0)
        assert target.waiting_since == rows[0].created_at
        assert source.merged_into_id == target.id
        assert {target.epoch, source.epoch}.isdisjoint(epochs.values())
        assert db.session.query(MessageWords).filter_by(conversation_id=pair.one).count() == 5
        assert [one.id for one in conversations.conversations_of_visitor(target.end_user_id)] == [pair.one]


def test_a_merge_is_taken_back_while_nothing_else_has_happened(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        before = {one: (texts(one), facts(one)) for one in (pair.one, pair.two)}
        deed = merge(it, pair)
    with inside(app, pair.company) as it:
        undo.take_back(db.session.get_one(Deed, deed.id), by=it.member("agent"))
    with inside(app, pair.company):
        for one, (said, standing) in before.items():
            assert [text for text in texts(one) if text.isdigit() or text == "hello acme"] == [
                text for text in said if text.isdigit() or text == "hello acme"
            ]
            assert facts(one) == standing
    with inside(app, pair.company) as it:
        deed = merge(it, pair)
        message_services.set_priority(conversations.conversation(pair.one), to="high", by=it.member("agent"))
    with inside(app, pair.company) as it, pytest.raises(AppError, match="happened here meanwhile"):
        undo.take_back(db.session.get_one(Deed, deed.id), by=it.member("agent"))


def test_the_visitor_is_led_to_the_one_that_is_left(app: Flask, client: FlaskClient, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        merge(it, pair)
        token = tokens.issue(it.project, pair.company.end_user_id)
        endusers.open_session(it.conversation.end_user, token_hash=token.hash, expires_at=token.expires_at)
    bearer = {"Authorization": f"Bearer {token.text}"}
    page = client.get(f"/widget/messages?conversation_id={pair.two}", headers=bearer).get_json()
    assert page["conversation_id"] == str(pair.one)
    assert [one["text"] for one in page["messages"]] == ["hello acme", "2", "3", "4"]
    said = {"client_id": str(uuid4()), "text": "6", "conversation_id": str(pair.two)}
    assert client.post("/widget/messages", headers=bearer, json=said).get_json()["conversation_id"] == str(pair.one)


@pytest.mark.parametrize("place", ["take_in", "stand_anew", "tell"])
def test_a_process_that_dies_halfway_has_changed_nothing(
    app: Flask, pair: Pair, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def die(*_: object, **__: object) -> None:
        raise SystemExit("killed")

    with inside(app, pair.company):
        before = texts(pair.one), texts(pair.two)
    with monkeypatch.context() as patched:
        patched.setattr(threads, place, die)
        with pytest.raises(SystemExit), inside(app, pair.company) as it:
            merge(it, pair)
    with inside(app, pair.company):
        assert (texts(pair.one), texts(pair.two)) == before


def test_only_two_of_one_contact_on_one_site_are_merged_and_only_once(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        other = it.another_conversation()
        for source in (other.id, pair.one):
            with pytest.raises(AppError) as refused:
                services.merge(
                    conversations.conversation(source), into=conversations.conversation(pair.one), by=it.member("agent")
                )
            assert refused.value.status == 422
        merge(it, pair)
        with pytest.raises(AppError) as refused:
            merge(it, pair)
        assert refused.value.status == 409


def test_what_waits_to_be_sent_goes_along_and_is_not_answered_by_old_words(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        for conversation_id in (pair.one, pair.two):
            what = {"text": "Later", "at": now() + timedelta(hours=1), "client_id": uuid4(), "only_if_silent": True}
            scheduled.schedule(conversations.conversation(conversation_id), by=it.member("agent"), **what)
        merge(it, pair)
    with app.app_context():
        schedule.send_scheduled()
    with inside(app, pair.company):
        waiting = scheduled.queries.waiting(pair.one)
        assert [reply.held for reply in waiting] == [None, None]


def test_a_split_takes_a_message_and_all_that_was_said_after_it_and_comes_back(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        before, standing = texts(pair.two), facts(pair.two)
        at = next(one for one in messages.latest(pair.two) if one.text == "4")
        made, deed = services.split(conversations.conversation(pair.two), at=at, by=it.member("agent"))
    with inside(app, pair.company):
        assert (texts(pair.two), texts(made.id)) == (["2", "split_off"], ["4", "5", "split_from"])
        one, other = conversations.conversation(pair.two), conversations.conversation(made.id)
        assert (one.unread_count, other.unread_count, other.end_user_id) == (1, 1, one.end_user_id)
        assert (one.preview, other.preview) == ("2", "4")
    with inside(app, pair.company) as it:
        undo.take_back(db.session.get_one(Deed, deed.id), by=it.member("agent"))
    with inside(app, pair.company):
        assert [text for text in texts(pair.two) if text not in ("split_off", "undone")] == before
        assert facts(pair.two) == standing
        with pytest.raises(AppError):
            conversations.conversation(made.id)


def test_a_quote_follows_what_it_quotes(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        three = next(one for one in messages.latest(pair.one) if one.text == "3")
        what = {"text": "As you say", "client_id": uuid4(), "quote_id": three.id}
        message_services.send_reply(conversations.conversation(pair.one), by=it.member("agent"), **what)
        merge(it, pair)
    with inside(app, pair.company):
        rows = messages.latest(pair.one)
        three, answer = (next(one for one in rows if one.text == text) for text in ("3", "As you say"))
        assert answer.quote is not None
        assert answer.quote["seq"] == three.seq


def test_with_its_first_message_a_conversation_is_not_split(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        rows = messages.latest(pair.two)
        for wrong in (rows[0], next(one for one in rows if one.kind == "note")):
            with pytest.raises(AppError) as refused:
                services.split(conversations.conversation(pair.two), at=wrong, by=it.member("agent"))
            assert refused.value.status == 422


def test_files_go_with_their_message(app: Flask, pair: Pair) -> None:
    file_id = pair.company.attachment_id
    assert file_id is not None
    with inside(app, pair.company) as it:
        one = conversations.conversation(pair.one)
        what = {"text": "", "client_id": uuid4(), "attachment_ids": [file_id]}
        sent = message_services.send_reply(one, by=it.member("agent"), **what).message
        made, _deed = services.split(conversations.conversation(pair.one), at=sent, by=it.member("agent"))
    with inside(app, pair.company):
        file, message = attachments.attachment(file_id), queries.said(made.id)[0]
        assert (file.conversation_id, file.message_seq) == (made.id, message.seq)


def test_a_conversation_moves_to_another_contact_and_back(app: Flask, pair: Pair) -> None:
    with inside(app, pair.company) as it:
        grace = endusers.ensure(uuid4())
        grace.name = "Grace"
        deed = services.move(conversations.conversation(pair.one), to=grace, by=it.member("agent"))
        grace_id = grace.id
    with inside(app, pair.company) as it:
        assert conversations.conversation(pair.one).end_user_id == grace_id
        assert texts(pair.one)[-1] == "moved_contact"
        undo.take_back(db.session.get_one(Deed, deed.id), by=it.member("agent"))
        assert conversations.conversation(pair.one).end_user_id == pair.company.end_user_id
        grace = queries.person(grace_id)
        grace.blocked_at = now()
        with pytest.raises(AppError, match="blocked"):
            services.move(conversations.conversation(pair.one), to=grace, by=it.member("agent"))


def test_all_three_are_offered_and_done_from_the_thread(app: Flask, client: FlaskClient, pair: Pair) -> None:
    with inside(app, pair.company):
        endusers.ensure(uuid4()).name = "Grace Hopper"
    with app.app_context():
        search.look_through()
    log_in(client, pair.company.email("agent"))
    root = f"/w/acme/conversations/{pair.one}"
    assert str(pair.two) in client.get(f"{root}/merging").text
    assert post(client, f"{root}/merging", {"source_id": ""}).status_code == 422
    answer = post(client, f"{root}/merging", {"source_id": str(pair.two)}, HX_Request="true")
    assert answer.headers["HX-Redirect"].endswith(f"/inbox/{pair.one}")
    assert "/undo/" in client.get(f"/w/acme/inbox/{pair.one}").text
    with inside(app, pair.company):
        four = next(one for one in messages.latest(pair.one) if one.text == "4")
    assert f'value="{four.id}"' in client.get(f"{root}/splitting").text
    assert post(client, f"{root}/splitting", {"from_id": str(four.id)}).status_code == 303
    found = client.get(f"{root}/contact-move?q=hopper").text
    grace = found.split('name="end_user_id" value="')[1].split('"')[0]
    assert post(client, f"{root}/contact-move", {"end_user_id": grace}).status_code == 303
    assert "Grace Hopper" in client.get(f"/w/acme/inbox/{pair.one}").text
