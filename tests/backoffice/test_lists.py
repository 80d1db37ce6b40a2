"""The lists of workspaces and users: what they say, how they are searched, and what they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from chatapp.auth.models import FailedLogIn
from chatapp.auth.services import lockout
from chatapp.backoffice.queries import counts, users, workspaces
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.workspaces import services
from tests.backoffice.conftest import OPERATOR
from tests.factories import Company, inside, make_company, make_user

NOBODY = "0190a0b0-0000-7000-8000-000000000000"


def test_a_workspace_is_found_by_name_address_and_owners_mail(app: Flask, operator: FlaskClient, acme: Company) -> None:
    make_company(app, "globex")
    everything = operator.get("/operator/workspaces").text
    assert "owner@acme.example" in everything
    assert "owner@globex.example" in everything
    for search in ("ACM", "owner@acme"):
        narrowed = operator.get(f"/operator/workspaces?q={search}").text
        assert "/w/acme" in operator.get(f"/operator/workspaces/{acme.workspace_id}").text
        assert str(acme.workspace_id) in narrowed
        assert "owner@globex.example" not in narrowed
    for search in ("agent@acme", "100%", "_", "a\\b"):
        assert "Nothing matches" in operator.get("/operator/workspaces", query_string={"q": search}).text
    assert operator.get("/operator/workspaces?q=%00").status_code == 200


def test_a_workspace_shows_its_people_projects_and_figures(operator: FlaskClient, acme: Company) -> None:
    page = operator.get(f"/operator/workspaces/{acme.workspace_id}").text
    assert "Acme Shop" in page
    for role in ("owner", "admin", "agent", "viewer"):
        assert acme.email(role) in page
    assert operator.get(f"/operator/workspaces/{NOBODY}").status_code == 404
    assert operator.get(f"/operator/users/{NOBODY}").status_code == 404


def test_pages_hold_each_workspace_and_user_once_newest_first(app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            for number in range(11):
                make_user(f"owner{number}@else.example")
        for number in range(11):
            with unit_of_work():
                owner = users.page(f"owner{number}@").rows[0].user
                services.create(name=f"W{number}", slug=f"w-{number}", locale="en", owner=owner)
        with unit_of_work():
            assert _all(workspaces.page) == [f"W{number}" for number in reversed(range(11))]
            assert _all(users.page) == [f"owner{number}@else.example" for number in reversed(range(11))]


def _all(page: object) -> list[str]:
    seen: list[str] = []
    cursor = None
    while True:
        found = page("", cursor=cursor, limit=4)  # type: ignore[operator]
        seen += [line.workspace.name if hasattr(line, "workspace") else line.user.email for line in found.rows]
        cursor = found.next_cursor
        if cursor is None:
            return seen


def test_counts_stop(app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "MOST", 2)
    with app.app_context(), unit_of_work():
        size = workspaces.page("acme").rows[0].size
    assert (size.members, size.projects, size.conversations) == (3, 1, 1)
    assert size.last_activity is not None


@pytest.mark.parametrize("path", ["/operator/workspaces", "/operator/users"])
def test_a_long_list_asks_no_more_questions_than_a_short_one(app: Flask, operator: FlaskClient, path: str) -> None:
    make_company(app, "acme")
    few = _questions(app, operator, path)
    for slug in ("globex", "initech", "umbrella"):
        make_company(app, slug)
    assert _questions(app, operator, path) == few


def _questions(app: Flask, client: FlaskClient, path: str) -> int:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_a_user_shows_what_state_the_account_is_in(app: Flask, operator: FlaskClient, acme: Company) -> None:
    with inside(app, acme) as it:
        agent = it.member("agent").user
        agent.email_verified_at = None
        shut = now() + timedelta(minutes=1)
        door = lockout.door("password", agent.email)
        db.session.add(FailedLogIn(door=door, failures=5, last_at=now(), shut_until=shut))
    found = operator.get("/operator/users?q=agent@acme").text
    assert "Locked out" in found
    assert "Address not confirmed" in found
    assert "viewer@acme.example" not in found
    page = operator.get(f"/operator/users/{acme.members['agent']}").text
    assert "/w/acme" in page
    mine = operator.get(f"/operator/users?q={OPERATOR}").text
    assert "Two-factor" in mine
    assert "Locked out" not in mine
