"""Messages are edited and deleted: who may, what stays, who hears of it."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from chatapp.attachments.models import Attachment
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7
from chatapp.common.realtime import broadcast
from chatapp.common.realtime.topics import Topic
from chatapp.conversations import visibility
from chatapp.jobs import search
from chatapp.messages import corrections, queries, services
from chatapp.messages.models import Message, MessageVersion
from chatapp.search.models import MessageWords
from tests.factories import Company, Inside, inside, make_attachment, make_company
from tests.support.web_client import log_in, post


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def say(it: Inside, text: str = "at once", *, private: bool = False, role: str = "agent", **more: object) -> UUID:
    sent = services.send_reply(
        it.conversation,
        by=it.member(role),
        text=text,
        private=private,
        **{"client_id": uuid7(), **more},  # type: ignore[arg-type]
    )
    return sent.message.id


def test_an_edited_reply_says_the_new_text_and_agents_see_the_old_one(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        message_id = say(it, "by tomorow")
    for before, after in (("by tomorow", "by tomorrow"), ("by tomorrow", "by Friday")):
        with inside(app, acme) as it:
            message = queries.message(message_id)
            assert message.text == before
            corrections.edit(message, text=after, last_edit=message.edited_at, by=it.member("agent"))
    with inside(app, acme) as it:
        message = queries.message(message_id)
        assert (message.text, message.seq, message.revision, it.conversation.last_seq) == ("by Friday", 2, 4, 4)
        assert it.conversation.preview == "by Friday"
        assert [version.text for version in queries.versions(message)] == ["by tomorrow", "by tomorow"]


def test_whoever_knew_the_conversation_up_to_a_number_is_given_the_change(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        edited, deleted = say(it, "edit me"), say(it, "delete me")
        known = it.conversation.last_seq
    with inside(app, acme) as it:
        corrections.edit(queries.message(edited), text="edited", last_edit=None, by=it.member("agent"))
        corrections.delete(queries.message(deleted), by=it.member("agent"))
        for for_visitor in (False, True):
            missed = queries.since(acme.conversation_id, known, for_visitor=for_visitor)
            assert [(one.id, one.text, one.is_deleted) for one in missed] == [
                (edited, "edited", False),
                (deleted, "", True),
            ]


def test_a_deleted_message_leaves_its_place_and_nothing_else(app: Flask, acme: Company) -> None:
    with app.app_context():
        whose = {"uploader": "agent", "agent_id": acme.members["agent"], "conversation_id": acme.conversation_id}
        file_id = make_attachment(acme.workspace_id, **whose)
    with inside(app, acme) as it:
        message_id = say(it, "the pasword is swordfish", attachment_ids=[file_id])
        corrections.edit(
            queries.message(message_id), text="the password is swordfish", last_edit=None, by=it.member("agent")
        )
    with app.app_context():
        search.look_through()
    with inside(app, acme) as it:
        assert db.session.get(MessageWords, message_id) is not None
        corrections.delete(queries.message(message_id), by=it.member("agent"))
        corrections.delete(queries.message(message_id), by=it.member("agent"))
    with app.app_context():
        search.look_through()
        search.look_back()
    with inside(app, acme) as it:
        message = queries.message(message_id)
        assert (message.text, message.attachments, message.is_deleted, message.seq) == ("", [], True, 2)
        assert it.conversation.last_seq == 4  # deleting it twice took one number
        assert it.conversation.preview == "hello acme"
        for gone in (MessageVersion, Attachment):
            assert db.session.scalar(select(func.count()).select_from(gone)) == 0
        assert db.session.get(MessageWords, message_id) is None
        assert queries.unread_by_visitor([acme.conversation_id]) == {}


@pytest.mark.parametrize(("role", "status"), [("agent", None), ("admin", None), ("viewer", 403)])
def test_authors_and_those_who_moderate_may_change_it(app: Flask, acme: Company, role: str, status: int | None) -> None:
    with inside(app, acme) as it:
        message_id = say(it)
        for change in (
            lambda: corrections.edit(queries.message(message_id), text="else", last_edit=None, by=it.member(role)),
            lambda: corrections.delete(queries.message(message_id), by=it.member(role)),
        ):
            if status is None:
                change()
                continue
            with pytest.raises(AppError) as refused:
                change()
            assert refused.value.status == status


def test_what_lies_out_of_sight_is_not_there_to_be_changed(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        message_id = say(it)
        visibility.enter(visibility.NOTHING)
        with pytest.raises(AppError) as refused:
            queries.message(message_id)
        assert refused.value.status == 404


def test_what_visitors_said_and_activity_lines_are_nobody_s_to_change(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        services.close(it.conversation, by=it.member("owner"))
        for message in queries.latest(acme.conversation_id):
            with pytest.raises(AppError) as refused:
                corrections.delete(message, by=it.member("owner"))
            assert refused.value.status == 403


def test_an_edit_that_crosses_another_one_or_a_deletion_is_refused(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        message = queries.message(say(it))
        agent, owner = it.member("agent"), it.member("owner")
        corrections.edit(message, text="first", last_edit=None, by=owner)
        with pytest.raises(AppError, match="meanwhile") as crossed:
            corrections.edit(message, text="second", last_edit=None, by=agent)
        corrections.delete(message, by=agent)
        with pytest.raises(AppError, match="deleted") as late:
            corrections.edit(message, text="third", last_edit=message.edited_at, by=agent)
        assert (crossed.value.status, late.value.status) == (409, 409)


def test_sending_again_under_its_number_is_the_same_message_whatever_became_of_it(app: Flask, acme: Company) -> None:
    client_id = uuid7()
    with inside(app, acme) as it:
        agent = it.member("agent")
        message_id = say(it, "once", client_id=client_id)
        corrections.edit(queries.message(message_id), text="changed", last_edit=None, by=agent)
        assert say(it, "once", client_id=client_id) == message_id
        with pytest.raises(AppError):
            say(it, "changed", client_id=client_id)
        corrections.delete(queries.message(message_id), by=agent)
        assert say(it, "once", client_id=client_id) == message_id


def test_the_visitor_hears_of_changed_replies_and_never_of_notes_or_of_what_was_said_before(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[Topic, str]] = []
    with inside(app, acme) as it:
        reply, note = say(it, "a reply"), say(it, "a note", private=True)
    monkeypatch.setattr(broadcast, "publish", lambda topic, payload: heard.append((topic, payload)))
    for message_id in (reply, note):
        with inside(app, acme) as it:
            corrections.edit(queries.message(message_id), text="said better", last_edit=None, by=it.member("agent"))
        with inside(app, acme) as it:
            corrections.delete(queries.message(message_id), by=it.member("agent"))
    frames = [json.loads(payload) for _topic, payload in heard if payload.startswith("{")]
    told = [(frame["id"], frame["text"], frame["deleted_at"] is not None) for frame in frames if "text" in frame]
    assert told == [(str(reply), "said better", False), (str(reply), "", True)]
    assert {frame["type"] for frame in frames if "text" in frame} == {"message.updated"}
    assert not any("a reply" in payload for _topic, payload in heard if payload.startswith("{"))
    assert sum(f'id="message-{note}"' in payload for _topic, payload in heard) == 4  # to agents, in two languages


def test_a_note_that_changes_leaves_the_row_as_it_is(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        note, before = say(it, "a note", private=True), it.conversation.changed_at
        corrections.delete(queries.message(note), by=it.member("agent"))
        assert (it.conversation.preview, it.conversation.changed_at) == ("hello acme", before)
        assert db.session.get_one(Message, note).revision == it.conversation.last_seq


def test_a_form_that_is_refused_keeps_what_was_typed(client: FlaskClient, app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        message_id = say(it, role="owner")
    log_in(client, acme.email("owner"))
    address = f"/w/acme/messages/{message_id}/text"
    assert "at once" in client.get(address).text
    answer = post(client, address, {"text": "too late", "last_edit": "2026-01-01T00:00:00+00:00"})
    assert (answer.status_code, "too late" in answer.text, "meanwhile" in answer.text) == (422, True, True)
    assert post(client, address, {"text": "x", "last_edit": "never"}).status_code == 400
    with inside(app, acme):
        assert queries.message(message_id).text == "at once"
