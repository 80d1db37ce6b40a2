"""Search sees one workspace and one member's sight, although its functions run as the owner of the tables."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chatapp.common import tenancy
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations import visibility
from chatapp.conversations.visibility import Desk, Sight
from chatapp.messages import services as messages
from chatapp.search import queries
from chatapp.search.queries import Wanted
from tests.factories import Company, inside, make_company, make_team

_FOUND = text("SELECT count(*) FROM search_messages('hello'::tsquery, null, null, null, null, null, 100)")
_KNOWN = text("SELECT count(*) FROM search_people('ada', 100)")


@pytest.fixture
def companies(app: Flask, look_through: Callable[[], None]) -> tuple[Company, Company]:
    made = make_company(app, "acme"), make_company(app, "globex")
    for company in made:
        with inside(app, company) as it:
            it.conversation.end_user.name = "Ada"
    look_through()
    return made


def test_each_workspace_finds_its_own(app: Flask, companies: tuple[Company, Company]) -> None:
    for company in companies:
        with inside(app, company):
            hits = queries.messages(Wanted("hello"), locales=["en"])
            assert [hit.conversation.id for hit in hits.rows] == [company.conversation_id]
            assert [row.id for row in queries.people(Wanted("ada"))] == [company.conversation_id]


@pytest.mark.parametrize("statement", [_FOUND, _KNOWN], ids=["messages", "people"])
def test_the_functions_go_by_the_transactions_workspace_and_find_nothing_outside_of_one(
    app: Flask, companies: tuple[Company, Company], statement: object
) -> None:
    with app.app_context():
        with unit_of_work(companies[0].workspace_id):
            assert db.session.execute(statement).scalar_one() == 1  # type: ignore[call-overload]
        with unit_of_work():
            assert db.session.execute(statement).scalar_one() == 0  # type: ignore[call-overload]
        with unit_of_work(), tenancy.across_tenants(reason="the widest look there is"):
            assert db.session.execute(statement).scalar_one() == 0  # type: ignore[call-overload]


def test_nobody_can_put_tables_of_their_own_before_ours(app: Flask, companies: tuple[Company, Company]) -> None:
    """A function that runs as the owner must not look where its caller says."""
    with app.app_context(), unit_of_work(companies[0].workspace_id):
        try:
            db.session.execute(text("CREATE TEMP TABLE message_words (message_id uuid, conversation_id uuid)"))
            db.session.execute(text("SET LOCAL search_path = pg_temp, public"))
        except DBAPIError:
            pytest.skip("this role may make no table at all")
        assert db.session.execute(_FOUND).scalar_one() == 1
        db.session.rollback()


@pytest.mark.parametrize(
    ("kind", "owner", "is_seen"),
    [
        ("everybody", None, True),
        ("member", "agent", True),
        ("member", "owner", False),
        ("team", "team", True),
        ("waiting", None, False),
        ("waiting", "team", False),
    ],
)
def test_a_member_finds_what_they_see(
    app: Flask, companies: tuple[Company, Company], kind: str, owner: str | None, is_seen: bool
) -> None:
    acme = companies[0]
    owners: dict[str | None, UUID | None] = {None: None, "team": acme.team_id, **acme.members}
    with inside(app, acme) as it:
        messages.move(it.conversation, to=it.team, by=it.member("owner"))
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
    with inside(app, acme):
        visibility.enter(Sight(frozenset({Desk(kind, owners[owner])})))
        assert bool(queries.messages(Wanted("hello"), locales=["en"]).rows) == is_seen
        assert bool(queries.people(Wanted("ada"))) == is_seen


def test_what_waits_is_found_by_those_who_see_what_waits(app: Flask, companies: tuple[Company, Company]) -> None:
    acme = companies[0]
    with inside(app, acme):
        other = make_team("Other")
        for desk, is_seen in ((Desk("waiting"), True), (Desk("waiting", other.id), False)):
            visibility.enter(Sight(frozenset({desk})))
            assert bool(queries.messages(Wanted("hello"), locales=["en"]).rows) == is_seen


def test_a_page_is_filled_past_what_is_not_seen(
    app: Flask,
    companies: tuple[Company, Company],
    look_through: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "_WINDOW", 3)
    acme = companies[0]
    with inside(app, acme) as it:
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
        for _number in range(8):
            it.another_conversation("hello to nobody")
    look_through()
    with inside(app, acme):
        visibility.enter(Sight(frozenset({Desk("member", acme.members["agent"])})))
        hits = queries.messages(Wanted("hello"), locales=["en"])
        assert [hit.conversation.id for hit in hits.rows] == [acme.conversation_id]
