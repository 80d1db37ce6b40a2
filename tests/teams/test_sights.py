"""Who sees only what their teams have: a team is a way to see more, so nobody opens one for themselves."""

import pytest
from flask import Flask

from chatapp.common.errors import AppError
from chatapp.common.realtime import broadcast
from chatapp.conversations import visibility
from chatapp.teams import queries, services
from tests.factories import Company, Inside, inside, make_company, make_role, make_team


@pytest.fixture
def acme(app: Flask) -> Company:
    """The viewer manages teams and sees their own teams' conversations; they are in none, the agent is in Support."""
    company = make_company(app)
    with inside(app, company) as it:
        it.member("viewer").take(make_role("Lead", "teams.manage", "conversations.reply", visibility="team"))
    return company


def _lead(it: Inside, *who: str) -> None:
    ids = [it.company.members[name] for name in who]
    services.choose_members(it.team, user_ids=ids, by=it.member("viewer"))


def test_nobody_lets_themselves_or_others_into_a_team_they_do_not_see(app: Flask, acme: Company) -> None:
    for added in ("viewer", "admin"):
        with inside(app, acme) as it, pytest.raises(AppError) as refused:
            _lead(it, "agent", added)
        assert refused.value.status == 403
    with inside(app, acme):
        assert queries.team_ids_of(acme.members["viewer"]) == frozenset()


def test_in_their_own_team_they_choose(app: Flask, acme: Company) -> None:
    with inside(app, acme) as it:
        team = make_team("Night", acme.members["viewer"])
        services.choose_members(team, user_ids=[acme.members["viewer"], acme.members["admin"]], by=it.member("viewer"))
        assert len(queries.rows_of(team.id)) == 2


def test_a_new_team_is_a_new_sight_and_closes_their_sockets(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[object] = []
    monkeypatch.setattr(broadcast, "close_sockets", lambda **who: closed.append(who["user_id"]))
    with inside(app, acme) as it:
        before = visibility.sight_of(it.member("viewer"))
        services.choose_members(
            it.team, user_ids=[acme.members[who] for who in ("agent", "admin", "viewer")], by=it.member("owner")
        )
        assert visibility.sight_of(it.member("viewer")) != before
    assert closed == [acme.members["viewer"]]
