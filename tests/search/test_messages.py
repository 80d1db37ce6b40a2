"""Messages by their words: languages, accents, filters, pages, and what is marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from chatapp import demo
from chatapp.common import tenancy
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.ids import uuid7
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations.models import Conversation
from chatapp.demo import history
from chatapp.endusers import services as endusers
from chatapp.jobs import search
from chatapp.messages import services as messages
from chatapp.messages.models import Message
from chatapp.projects import queries as projects
from chatapp.search import queries
from chatapp.search.models import MessageWords
from chatapp.search.queries import Wanted
from tests.factories import Company, Inside, inside, make_company

LOCALES = ("en", "es")
Look = Callable[[], None]


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def wrote(it: Inside, text: str, *, locale: str | None = "en", name: str | None = None) -> UUID:
    """A new visitor who reads this language writes; the id of their conversation."""
    visitor = endusers.ensure(uuid7(), locale=locale)
    visitor.name = name
    return messages.receive(it.project, visitor, text=text, client_id=uuid7()).message.conversation_id


def found(words: str, **wanted: object) -> list[str]:
    """The texts that are found in the current workspace, newest first."""
    hits = queries.messages(Wanted(words, **wanted), locales=LOCALES)  # type: ignore[arg-type]
    return [hit.message.text for hit in hits.rows]


@pytest.mark.parametrize(
    ("locale", "text", "words"),
    [
        ("en", "My refunds were delayed", "refund"),
        ("en", "My refund was delayed", "refunding delays"),
        ("es", "Quería una cancelación", "cancelaciones"),
        ("es", "¿Hacéis envíos a Canarias?", "envio"),
        ("es", "Haceis envios", "envíos"),
        ("es", "Las lámparas llegaron ROTAS", "lampara rota"),
        ("fr", "Déjà arrivée", "deja"),
        ("ja", "Order R-2291 από Αθήνα", "αθηνα 2291"),
        (None, "write to marta.o@correo.example please", "marta.o@correo.example"),
        (None, "see https://shop.example/boxes/10517?a=b", "10517"),
        ("en", "to be or not to be", "not to be"),
        ("en", "Replacement on its way", "replac"),
    ],
)
def test_words_are_found_in_their_forms_with_and_without_accents(
    app: Flask, acme: Company, look_through: Look, locale: str | None, text: str, words: str
) -> None:
    with inside(app, acme) as it:
        wrote(it, "Something quite different", locale=locale)
        wrote(it, text, locale=locale)
    look_through()
    with inside(app, acme):
        assert found(words) == [text]


@pytest.mark.parametrize("words", ["", "  ", "!?", "'", "a:*&|!(", "\\", "😀", "%", "no-such-word"])
def test_nonsense_finds_nothing_and_breaks_nothing(app: Flask, acme: Company, look_through: Look, words: str) -> None:
    look_through()
    with inside(app, acme):
        assert found("hello") == ["hello acme"]
        assert found(words) == []
        assert queries.people(Wanted(words)) == []


def test_every_word_must_be_there(app: Flask, acme: Company, look_through: Look) -> None:
    with inside(app, acme) as it:
        wrote(it, "a walnut table")
        wrote(it, "a walnut chair")
    look_through()
    with inside(app, acme):
        assert found("walnut") == ["a walnut chair", "a walnut table"]
        assert found("table walnut") == ["a walnut table"]


def test_a_conversation_is_found_once_by_the_newest_message_that_matches(
    app: Flask, acme: Company, look_through: Look
) -> None:
    with inside(app, acme) as it:
        talk = it.conversation
        for text in ("lamp one", "lamp two", "something else"):
            messages.send_reply(talk, by=it.member("agent"), text=text, client_id=uuid7())
        wrote(it, "lamp elsewhere")
    look_through()
    with inside(app, acme):
        assert found("lamp") == ["lamp elsewhere", "lamp two"]


def test_pages_follow_each_other_without_gap_or_repeat(
    app: Flask, acme: Company, look_through: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_WINDOW", 4)
    with inside(app, acme) as it:
        agent = it.member("agent")
        for number in range(11):
            wrote(it, f"parcel {number}")
            messages.send_reply(it.conversation, by=agent, text=f"parcel of acme {number}", client_id=uuid7())
    look_through()
    with inside(app, acme):
        seen, cursor, pages = [], None, 0
        while True:
            page = queries.messages(Wanted("parcel"), locales=LOCALES, cursor=cursor, limit=3)
            seen += [hit.message.text for hit in page.rows]
            cursor, pages = page.next_cursor, pages + 1
            if cursor is None:
                break
    assert seen == ["parcel of acme 10", *(f"parcel {number}" for number in reversed(range(11)))]
    assert pages >= 4


def test_a_damaged_cursor_is_a_400(app: Flask, acme: Company) -> None:
    with inside(app, acme), pytest.raises(AppError) as refused:
        queries.messages(Wanted("hello"), locales=LOCALES, cursor="x")
    assert refused.value.status == 400


def test_filters_narrow_down(app: Flask, acme: Company, look_through: Look) -> None:
    with inside(app, acme) as it:
        agent, owner = it.member("agent"), it.member("owner")
        talk, mine = it.conversation, it.another_conversation("lamp of the visitor")
        messages.send_reply(talk, by=owner, text="lamp by the owner", client_id=uuid7())
        messages.send_reply(mine, by=agent, text="lamp in a note", client_id=uuid7(), private=True)
        messages.assign(mine, to=agent, by=owner)
        messages.close(talk, by=owner)
    look_through()
    with inside(app, acme) as it:
        for newer in db.session.scalars(select(MessageWords).where(MessageWords.author == "note")):
            newer.written_at = now() - timedelta(days=10)
    with inside(app, acme) as it:
        yesterday = now() - timedelta(days=1)
        assert found("lamp") == ["lamp in a note", "lamp by the owner"]
        assert found("lamp", status="closed") == ["lamp by the owner"]
        assert found("lamp", assignee_id=agent.user_id) == ["lamp in a note"]
        assert found("lamp", assignee_id=None) == ["lamp by the owner"]
        assert found("lamp", author="visitor") == ["lamp of the visitor"]
        assert found("lamp", author="note") == ["lamp in a note"]
        assert found("lamp", author="agent") == ["lamp by the owner"]
        assert found("lamp", agent_id=owner.user_id) == ["lamp by the owner"]
        assert found("lamp", since=yesterday) == ["lamp of the visitor", "lamp by the owner"][::-1]
        assert found("lamp", until=yesterday) == ["lamp in a note"]
        assert found("lamp", project_id=acme.project_id) == ["lamp in a note", "lamp by the owner"]
        assert found("lamp", project_id=uuid7()) == []
        assert found("lamp", team_id=acme.team_id) == []


def test_what_is_deleted_is_found_no_more_and_what_changes_is_found_anew(
    app: Flask, acme: Company, look_through: Look
) -> None:
    with inside(app, acme) as it:
        changing = wrote(it, "first words", locale="es")
    look_through()
    with inside(app, acme):
        db.session.scalars(select(Message).where(Message.conversation_id == changing)).one().text = "segundas palabras"
    with inside(app, acme):
        assert found("first") == []
        assert found("segunda palabra") == ["segundas palabras"]
        db.session.delete(db.session.scalars(select(Message).where(Message.conversation_id == changing)).one())
    with inside(app, acme):
        assert found("segunda") == []
        assert db.session.scalars(select(MessageWords.conversation_id)).all() == [acme.conversation_id]


def test_a_slow_transaction_is_found_too(app: Flask, acme: Company, look_through: Look) -> None:
    """Its message has an older key than what was looked through meanwhile."""
    slow = UUID(int=uuid7().int - (60_000 << 80))
    with inside(app, acme) as it:
        wrote(it, "quick words")
    look_through()
    with inside(app, acme) as it:
        conversation = it.another_conversation("slow words")
        db.session.execute(update(Message).where(Message.conversation_id == conversation.id).values(id=slow))
    look_through()
    with inside(app, acme):
        assert found("words") == ["quick words", "slow words"]


def test_history_is_looked_through_in_batches(app: Flask, acme: Company) -> None:
    from chatapp.common.tenancy import across_tenants
    from chatapp.search import services

    with inside(app, acme) as it:
        for number in range(5):
            wrote(it, f"old {number}")
    with inside(app, acme), across_tenants(reason="the clock"):
        assert [services.look_through(most=4) for _ in range(3)] == [4, 2, 0]


def test_what_was_committed_long_after_it_was_written_is_found_by_looking_back(
    app: Flask, acme: Company, look_through: Look
) -> None:
    look_through()
    with inside(app, acme) as it:
        late = wrote(it, "a late walnut")
        db.session.flush()
        written = now() - timedelta(minutes=5)
        key = UUID(int=int(written.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62)
        db.session.execute(update(Message).where(Message.conversation_id == late).values(id=key))
    look_through()
    with inside(app, acme):
        assert found("walnut") == []
    with app.app_context():
        search.look_back()
    with inside(app, acme):
        assert found("walnut") == ["a late walnut"]


def test_years_of_history_are_found_and_listed(app: Flask) -> None:
    with app.app_context():
        demo.create()
        demo.add_history(30, open_ones=10, each=lambda _count: None)
    with app.app_context(), unit_of_work():
        project = projects.project_by_site_key(demo.ACME_KEY)
        assert project is not None
        tenancy.enter(project.workspace_id)
        assert found("17")[0].endswith("17?")
        of_history = Conversation.last_seq == history.MESSAGES_EACH
        assert Counter(db.session.scalars(select(Conversation.status).where(of_history))) == {"open": 10, "closed": 20}
