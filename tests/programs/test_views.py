"""Personal access tokens: made once, good for what they say, and over when they are told to be."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from sqlalchemy import select, update

from chatapp.audit import queries as log
from chatapp.auth.models import PersonalToken, User, UserSession
from chatapp.auth.services import personal_tokens
from chatapp.common import limits
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Workspace
from tests.factories import PASSWORD, Company, inside, make_company
from tests.support.letters import letters, link_in
from tests.support.programs import Program, message_body
from tests.support.web_client import log_in, post

FORM = {"name": "Night report", "scopes": ["read", "write"], "days": "90", "workspace": ""}
_TOKEN = re.compile(r"cht_[\w-]{43}")


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def agent(client: FlaskClient, acme: Company) -> FlaskClient:
    log_in(client, acme.email("agent"))
    return client


def make(client: FlaskClient, **other: object) -> str:
    answer = post(client, "/account/tokens", FORM | other)
    assert answer.status_code == 200, answer.text
    (token,) = set(_TOKEN.findall(answer.text))
    return token


def only(app: Flask) -> PersonalToken:
    with app.app_context(), unit_of_work():
        return db.session.scalars(select(PersonalToken)).one()


def revoke(client: FlaskClient, token_id: object) -> int:
    return post(client, f"/account/tokens/{token_id}/revocation", {}).status_code


def test_a_token_is_shown_once_and_kept_hashed(app: Flask, agent: FlaskClient) -> None:
    token = make(agent)
    page = agent.get("/account/tokens").text
    assert "Night report" in page
    assert "never used" in page
    assert token not in page
    assert token not in str(vars(only(app)))


def test_it_opens_the_api_in_its_persons_name(app: Flask, acme: Company, agent: FlaskClient) -> None:
    program = Program(app, make(agent))
    assert [row["role"] for row in program.get("/workspaces").get_json()["data"]] == ["agent"]
    messages = f"/w/acme/conversations/{acme.conversation_id}/messages"
    assert program.post(messages, message_body()).get_json()["author"]["name"] == "Agent"


def test_it_is_no_cookie(app: Flask, client: FlaskClient, acme: Company, agent: FlaskClient) -> None:
    token = make(agent)
    stranger = app.test_client()
    assert stranger.get("/workspaces", headers={"Authorization": f"Bearer {token}"}).status_code == 302


@pytest.mark.parametrize(("scopes", "read", "write"), [(["read"], 200, 403), (["write"], 403, 201)])
def test_it_does_what_its_scopes_say(
    app: Flask, acme: Company, agent: FlaskClient, scopes: list[str], read: int, write: int
) -> None:
    program = Program(app, make(agent, scopes=scopes))
    messages = f"/w/acme/conversations/{acme.conversation_id}/messages"
    assert program.get(messages).status_code == read
    assert program.post(messages, message_body()).status_code == write
    conversation = f"/w/acme/conversations/{acme.conversation_id}"
    assert program.patch(conversation, {"status": "closed"}).status_code == (200 if write == 201 else 403)


def test_a_missing_scope_is_named(app: Flask, acme: Company, agent: FlaskClient) -> None:
    answer = Program(app, make(agent, scopes=["read"])).patch("/w/acme/conversations/x", {})
    assert answer.status_code == 404  # no such address: nothing to have a scope for
    answer = Program(app, make(agent, scopes=["read"])).patch(f"/w/acme/conversations/{acme.conversation_id}", {})
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert "“write”" in answer.get_json()["detail"]


def test_a_role_is_not_widened(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("viewer"))
    program = Program(app, make(client))
    assert program.post(f"/w/acme/conversations/{acme.conversation_id}/messages", message_body()).status_code == 403


def test_a_restricted_one_opens_one_workspace(app: Flask, acme: Company, agent: FlaskClient) -> None:
    globex = make_company(app, "globex")
    with inside(app, globex):
        workspace, user = db.session.get_one(Workspace, globex.workspace_id), acme.members["agent"]
        workspaces.add_member(workspace, user=db.session.get_one(User, user), role="agent")
    everywhere, here = Program(app, make(agent)), Program(app, make(agent, workspace=str(acme.workspace_id)))
    assert [row["slug"] for row in everywhere.get("/workspaces").get_json()["data"]] == ["acme", "globex"]
    assert everywhere.get("/w/globex/conversations").status_code == 200
    assert [row["slug"] for row in here.get("/workspaces").get_json()["data"]] == ["acme"]
    assert here.get("/w/acme/conversations").status_code == 200
    assert here.get("/w/globex/conversations").status_code == 404
    assert here.get("/w/globex/conversations").data == here.get("/w/nobody/conversations").data


def test_leaving_a_workspace_ends_what_a_token_opens_there(app: Flask, acme: Company, agent: FlaskClient) -> None:
    program = Program(app, make(agent))
    assert program.get("/w/acme/conversations").status_code == 200
    post(agent, "/w/acme/team/departure", {})
    assert program.get("/w/acme/conversations").status_code == 404


def test_a_revoked_one_opens_nothing(app: Flask, agent: FlaskClient) -> None:
    program = Program(app, make(agent))
    token_id = only(app).id
    assert revoke(agent, token_id) == 303
    answer = program.get("/workspaces")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "Night report" not in agent.get("/account/tokens").text
    assert revoke(agent, token_id) == 404


def test_an_expired_one_opens_nothing_and_says_so(app: Flask, agent: FlaskClient) -> None:
    program = Program(app, make(agent, days="30"))
    until = only(app).expires_at
    assert until is not None
    assert timedelta(days=29) < until - now() <= timedelta(days=30)
    with app.app_context(), unit_of_work():
        db.session.execute(update(PersonalToken).values(expires_at=now()))
    assert program.get("/workspaces").status_code == 401
    assert "Expired" in agent.get("/account/tokens").text


@pytest.mark.parametrize("token", ["cht_", "cht_" + "x" * 43, "cht_é", "CHT_x"])
def test_one_that_never_was_opens_nothing(app: Flask, agent: FlaskClient, token: str) -> None:
    make(agent)
    assert Program(app, token).get("/workspaces").status_code == 401


def test_when_and_from_where_it_was_used_last_is_shown(app: Flask, agent: FlaskClient) -> None:
    Program(app, make(agent)).get("/workspaces")
    assert only(app).last_used_ip == "127.0.0.1"
    assert "127.0.0.1" in agent.get("/account/tokens").text


def test_each_token_has_a_limit_of_its_own(app: Flask, agent: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "API", parse("2 per minute"))
    one, other = Program(app, make(agent)), Program(app, make(agent))
    assert [one.get("/workspaces").status_code for _ in range(3)] == [200, 200, 429]
    assert other.get("/workspaces").status_code == 200


def test_a_new_password_by_mail_revokes_them(app: Flask, acme: Company, agent: FlaskClient) -> None:
    program = Program(app, make(agent))
    reader = app.test_client()
    post(reader, "/forgotten-password", {"email": acme.email("agent")})
    assert post(reader, link_in(letters(app)[0]), {"password": "a new one, quite long"}).status_code == 303
    assert program.get("/workspaces").status_code == 401
    assert actions(app, acme) == ["token.revoked", "token.created"]


def test_revoking_them_with_the_password_is_in_the_log(app: Flask, acme: Company, agent: FlaskClient) -> None:
    make(agent)
    new = {"current": PASSWORD, "password": "a new one, quite long", "revoke_tokens": "y"}
    assert post(agent, "/account/security", new).status_code == 303
    assert actions(app, acme) == ["token.revoked", "token.created"]


def test_making_and_revoking_is_in_the_log_of_what_it_opens(app: Flask, acme: Company, agent: FlaskClient) -> None:
    make(agent, scopes=["read"])
    revoke(agent, only(app).id)
    with inside(app, acme):
        revoked, created = log.entries(log.Filter(actor_id=acme.members["agent"]))
    assert [entry.action for entry in (created, revoked)] == ["token.created", "token.revoked"]
    assert (created.target_name, created.changes) == ("Night report", {"scopes": [None, "read"]})


def actions(app: Flask, company: Company) -> list[str]:
    """What the agent did to the company, newest first."""
    with inside(app, company):
        return [entry.action for entry in log.entries(log.Filter(actor_id=company.members["agent"]))]


def test_making_one_takes_a_fresh_proof(app: Flask, agent: FlaskClient) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(update(UserSession).values(proved_at=None))
    question = post(agent, "/account/tokens", FORM)
    assert question.status_code == 403
    assert question.text.count('name="scopes"') == 2
    with app.app_context(), unit_of_work():
        assert db.session.scalars(select(PersonalToken)).all() == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Give it a name."),
        ({"name": "x" * 81}, "Use at most 80 characters."),
        ({"scopes": []}, "Choose at least one."),
        ({"scopes": ["admin"]}, "not a valid choice"),
        ({"days": "9999"}, "Not a valid choice"),
        ({"workspace": "0190a0b0-0000-7000-8000-000000000000"}, "Not a valid choice"),
    ],
)
def test_a_wrong_form_makes_none_and_keeps_what_was_typed(
    app: Flask, agent: FlaskClient, wrong: dict[str, object], sentence: str
) -> None:
    answer = post(agent, "/account/tokens", FORM | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="write" checked' in answer.text or "scopes" in wrong
    with app.app_context(), unit_of_work():
        assert db.session.scalars(select(PersonalToken)).all() == []


def test_a_foreign_workspace_cannot_be_chosen(app: Flask, agent: FlaskClient) -> None:
    globex = make_company(app, "globex")
    assert post(agent, "/account/tokens", FORM | {"workspace": str(globex.workspace_id)}).status_code == 422


def test_somebody_elses_token_is_not_there(app: Flask, acme: Company, agent: FlaskClient) -> None:
    token = make(agent)
    owner = app.test_client()
    log_in(owner, acme.email("owner"))
    assert "Night report" not in owner.get("/account/tokens").text
    assert revoke(owner, only(app).id) == 404
    assert Program(app, token).get("/workspaces").status_code == 200


def test_there_are_only_so_many(agent: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal_tokens, "MOST", 1)
    make(agent)
    refused = post(agent, "/account/tokens", FORM)
    assert refused.status_code == 409
    assert "Revoke one that you no longer need." in refused.text


def test_it_opens_nothing_while_the_account_is_suspended(app: Flask, acme: Company, agent: FlaskClient) -> None:
    program = Program(app, make(agent))
    for suspended_at, status in ((now(), 401), (None, 200)):
        with app.app_context(), unit_of_work():
            db.session.execute(update(User).where(User.id == acme.members["agent"]).values(suspended_at=suspended_at))
        assert program.get("/workspaces").status_code == status
