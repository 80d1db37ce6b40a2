"""A person's own account: profile, password, sessions."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chatapp.auth import devices
from chatapp.auth.models import User, UserSession
from chatapp.auth.scopes import SCOPES
from chatapp.auth.services import personal_tokens
from chatapp.common.db import db
from chatapp.common.realtime import broadcast
from chatapp.common.unit_of_work import unit_of_work
from tests.auth.conftest import is_in, logged_in
from tests.factories import PASSWORD, Company
from tests.support.letters import letters
from tests.support.programs import Program, program_of
from tests.support.web_client import log_in_by_form, post

NEW = "a new one, quite long"
CHANGE = {"current": PASSWORD, "password": NEW}


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The sessions whose sockets were closed."""
    ids: list[UUID] = []
    monkeypatch.setattr(broadcast, "close_sockets", lambda *, session_id: ids.append(session_id))
    return ids


def session_ids(app: Flask, company: Company) -> list[UUID]:
    """The agent's sessions, in the order in which they were opened."""
    with app.app_context(), unit_of_work():
        mine = select(UserSession.id).where(UserSession.user_id == company.members["agent"])
        return list(db.session.scalars(mine.order_by(UserSession.id)))


def test_name_language_and_theme_are_kept(agent: FlaskClient) -> None:
    assert post(agent, "/account", {"name": "Ágata", "locale": "es", "theme": "dark"}).status_code == 303
    page = agent.get("/account").text
    assert 'value="Ágata"' in page
    assert '<html lang="es" data-theme="dark"' in page


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"name": "x" * 81}, {"locale": "xx"}, {"theme": "pink"}, {"email": "", "name": ""}]
)
def test_a_wrong_profile_changes_nothing(agent: FlaskClient, wrong: dict[str, str]) -> None:
    before = agent.get("/workspaces").text
    assert post(agent, "/account", {"name": "Ágata", "locale": "en", "theme": "dark"} | wrong).status_code == 422
    assert 'data-theme="dark"' not in agent.get("/workspaces").text
    assert "Ágata" not in before


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(
    app: Flask, acme: Company, agent: FlaskClient, elsewhere: FlaskClient, closed: list[UUID]
) -> None:
    assert post(agent, "/account/security", CHANGE).status_code == 303
    assert is_in(agent)
    assert not is_in(elsewhere)
    assert closed == session_ids(app, acme)[1:]
    logged_in(app, acme.email("viewer"))
    log_in_by_form(app.test_client(), acme.email("agent"), NEW)
    assert letters(app)[0].subject == "Your password was changed"


def test_changing_the_password_ends_every_programs_tokens(app: Flask, acme: Company, agent: FlaskClient) -> None:
    program = program_of(app, acme.members["agent"])
    assert program.get("/workspaces").status_code == 200
    post(agent, "/account/security", CHANGE)
    assert program.get("/workspaces").status_code == 401


@pytest.mark.parametrize(("wish", "status"), [({}, 200), ({"revoke_tokens": "y"}, 401)])
def test_access_tokens_outlive_the_password_unless_they_are_revoked(
    app: Flask, acme: Company, agent: FlaskClient, wish: dict[str, str], status: int
) -> None:
    assert "Also revoke my access tokens" not in agent.get("/account/security").text
    with app.app_context(), unit_of_work():
        user = db.session.get_one(User, acme.members["agent"])
        _token, text = personal_tokens.issue(user, name="Nightly", scopes=SCOPES)
    script = Program(app, text)
    assert script.get("/workspaces").status_code == 200
    assert "Also revoke my access tokens" in agent.get("/account/security").text
    assert post(agent, "/account/security", CHANGE | wish | {"current": "not this one"}).status_code == 422
    assert script.get("/workspaces").status_code == 200
    assert post(agent, "/account/security", CHANGE | wish).status_code == 303
    assert script.get("/workspaces").status_code == status


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"current": "not this one"}, "not your current password"),
        ({"current": ""}, "Enter your password."),
        ({"password": "2short"}, "at least 12"),
    ],
)
def test_a_wrong_change_of_password_changes_nothing(
    app: Flask, acme: Company, agent: FlaskClient, elsewhere: FlaskClient, form: dict[str, str], sentence: str
) -> None:
    answer = post(agent, "/account/security", CHANGE | form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert is_in(elsewhere)
    log_in_by_form(app.test_client(), acme.email("agent"))


def test_sessions_are_listed_by_browser(app: Flask, acme: Company, agent: FlaskClient) -> None:
    phone = app.test_client()
    phone.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1"
    log_in_by_form(phone, acme.email("agent"))
    page = agent.get("/account/sessions").text
    assert "Safari · iPhone" in page
    assert page.count("This browser") == 1
    assert page.count('class="session"') == 2


def test_one_session_is_ended_with_its_sockets(
    app: Flask, acme: Company, agent: FlaskClient, elsewhere: FlaskClient, closed: list[UUID]
) -> None:
    _own, other = session_ids(app, acme)
    assert post(agent, f"/account/sessions/{other}/end", {}).status_code == 303
    assert closed == [other]
    assert is_in(agent)
    assert not is_in(elsewhere)
    assert post(agent, f"/account/sessions/{other}/end", {}).status_code == 404


def test_all_other_sessions_are_ended_with_their_sockets(
    app: Flask, acme: Company, agent: FlaskClient, elsewhere: FlaskClient, closed: list[UUID]
) -> None:
    assert post(agent, "/account/sessions/end-others", {}).status_code == 303
    assert closed == session_ids(app, acme)[1:]
    assert is_in(agent)
    assert not is_in(elsewhere)


def test_somebody_elses_session_is_not_there(app: Flask, acme: Company, agent: FlaskClient, closed: list[UUID]) -> None:
    viewer = logged_in(app, acme.email("viewer"))
    (foreign,) = session_ids(app, acme)
    assert str(foreign) not in viewer.get("/account/sessions").text
    assert post(viewer, f"/account/sessions/{foreign}/end", {}).status_code == 404
    assert is_in(agent)
    assert closed == []


@pytest.mark.parametrize(("ticked", "is_kept"), [({}, False), ({"remember": "y"}, True)])
def test_a_browser_is_remembered_when_it_was_asked_to(
    client: FlaskClient, acme: Company, ticked: dict[str, str], is_kept: bool
) -> None:
    answer = post(client, "/login", {"email": acme.email("agent"), "password": PASSWORD} | ticked)
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("chatapp="))
    assert ("Expires=" in cookie) is is_kept


@pytest.mark.parametrize("path", ["/account", "/account/security", "/account/sessions"])
def test_strangers_are_led_to_the_door(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/19.0 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_called_what_its_owner_calls_it(agent: str, name: str) -> None:
    assert devices.device_of(agent) == name
