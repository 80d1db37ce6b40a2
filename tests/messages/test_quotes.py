"""An answer quotes what it answers to: shown as it is now, and never what is private to a visitor."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7
from chatapp.messages import corrections, queries, services
from chatapp.messages.wire import message_json
from tests.factories import Company, Inside, inside, make_company


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def say(it: Inside, text: str, quote_id: UUID | None = None, *, private: bool = False) -> UUID:
    what = {"text": text, "client_id": uuid7(), "quote_id": quote_id, "private": private}
    return services.send_reply(it.conversation, by=it.member("agent"), **what).message.id  # type: ignore[arg-type]


def test_the_quote_says_who_and_what_and_follows_it(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        quoted = say(it, "We open at **nine**")
        quoting = say(it, "As I said", quoted)
        note = say(it, "really?", quoting, private=True)
        known = it.conversation.last_seq
        shown = message_json(queries.message(quoting))["quote"]
        assert shown == {
            "id": str(quoted),
            "seq": 2,
            "author": {"type": "agent", "name": "Agent"},
            "text": "We open at nine",
            "deleted": False,
        }
    with inside(app, acme) as it:
        corrections.edit(queries.message(quoted), text="We open at ten", last_edit=None, by=it.member("agent"))
    with inside(app, acme) as it:
        missed = queries.since(acme.conversation_id, known, for_visitor=True)
        assert [(one.id, one.quote and one.quote["text"]) for one in missed] == [
            (quoted, None),
            (quoting, "We open at ten"),
        ]
        corrections.delete(queries.message(quoted), by=it.member("agent"))
        quote = queries.message(quoting).quote
        assert quote is not None
        assert (quote["text"], quote["is_deleted"]) == ("", True)
        corrections.delete(queries.message(quoting), by=it.member("agent"))
        assert queries.message(quoting).quote is None
        held = queries.message(note).quote
        assert held is not None
        assert (held["text"], held["is_deleted"]) == ("", True)


def test_what_a_visitor_said_is_quoted_in_their_own_words(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        quote = queries.message(say(it, "hello to you", acme.message_id)).quote
        assert quote is not None
        assert (quote["author_type"], quote["author"], quote["text"]) == ("visitor", None, "hello acme")


def test_a_reply_never_quotes_what_is_private(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        note = say(it, "the secret", private=True)
        services.close(it.conversation, by=it.member("agent"))
        line = queries.latest(acme.conversation_id)[-1]
        for message_id, private in ((note, False), (line.id, False), (line.id, True)):
            with pytest.raises(AppError) as refused:
                say(it, "look", message_id, private=private)
            assert refused.value.status == 422
        assert queries.message(say(it, "look", note, private=True)).quote is not None


def test_what_is_gone_or_lies_elsewhere_cannot_be_quoted(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        elsewhere = queries.latest(it.another_conversation().id)[0].id
        gone = say(it, "gone")
        corrections.delete(queries.message(gone), by=it.member("agent"))
        for message_id, status in ((elsewhere, 404), (uuid7(), 404), (gone, 422)):
            with pytest.raises(AppError) as refused:
                say(it, "look", message_id)
            assert refused.value.status == status
