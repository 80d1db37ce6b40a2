"""People by parts of their names and mail addresses."""

from __future__ import annotations

import pytest
from flask import Flask

from chatapp.conversations import services as conversations
from chatapp.messages import services as messages
from chatapp.search import queries
from chatapp.search.queries import Wanted
from tests.factories import Company, Inside, inside, make_company


@pytest.fixture
def acme(app: Flask) -> Company:
    made = make_company(app)
    with inside(app, made) as it:
        for name, email in (
            ("Marta Olivares", "marta.o@correo.example"),
            ("Magnus Kellner", None),
            ("Zoë Ångström", "zoe@else.example"),
            (None, "nameless@else.example"),
        ):
            contact = it.another_conversation(name=name).end_user
            contact.email = email
    return made


def found(words: str, **wanted: object) -> list[str | None]:
    return [row.end_user.name for row in queries.people(Wanted(words, **wanted))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("marta", ["Marta Olivares"]),
        ("oliv", ["Marta Olivares"]),
        ("olivares marta", ["Marta Olivares"]),
        ("Olivarez", ["Marta Olivares"]),
        ("MARTA.O@correo.example", ["Marta Olivares"]),
        ("angstrom", ["Zoë Ångström"]),
        ("nameless@else", [None]),
        ("kellner@", ["Magnus Kellner"]),
        ("ol", ["Marta Olivares"]),
        ("ke", ["Magnus Kellner"]),
        ("iv", []),
        ("m", []),
        ("nobody", []),
    ],
)
def test_people_are_found_by_parts_and_with_a_slip_of_the_pen(
    app: Flask, acme: Company, words: str, names: list[str | None]
) -> None:
    with inside(app, acme):
        assert found(words) == names


def test_the_best_fit_comes_first(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        it.another_conversation(name="Kellner")
        assert found("kellner magnus") == ["Magnus Kellner"]
        assert set(found("kellner")) == {"Kellner", "Magnus Kellner"}


def test_a_person_leads_to_their_latest_conversation_that_fits(app: Flask, acme: Company) -> None:
    def latest(it: Inside, **wanted: object) -> list[object]:
        return [row.id for row in queries.people(Wanted("marta", **wanted))]  # type: ignore[arg-type]

    with inside(app, acme) as it:
        first = queries.people(Wanted("marta"))[0]
        person = first.end_user
        messages.close(first, by=it.member("agent"))
        second = conversations.start(it.project, person)
    with inside(app, acme) as it:
        assert latest(it) == [second.id]
        assert latest(it, status="closed") == [first.id]
        assert latest(it, author="visitor") == []


def test_whoever_resembles_comes_only_where_nobody_fits(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        it.another_conversation(name="Olivarez")
        assert found("olivarez") == ["Olivarez"]
