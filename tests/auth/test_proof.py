"""Step-up: what is dangerous asks once more who is there, and nothing that was typed is lost."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from chatapp.auth import step_up
from chatapp.auth.models import UserSession
from chatapp.auth.services import lockout
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from tests.auth.conftest import grow_stale, logged_in
from tests.factories import PASSWORD, Company, inside
from tests.support.letters import letters
from tests.support.web_client import post

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
CHANGE = {"email": "new@acme.example"}
DANGEROUS = ["/account/email", "/account/two-factor/codes", "/account/two-factor/end"]


@pytest.fixture
def owner(app: Flask, acme: Company) -> FlaskClient:
    return logged_in(app, acme.email("owner"))


def carried(question: TestResponse) -> dict[str, object]:
    return {name: value for name, value in _HIDDEN.findall(question.text) if name != "csrf_token"}


def follow(client: FlaskClient, answer: TestResponse, form: dict[str, object]) -> TestResponse:
    """What a browser does with a 307: the same fields, posted to where it leads."""
    assert answer.status_code == 307
    return post(client, answer.location, form)


@pytest.mark.parametrize("path", DANGEROUS)
def test_within_ten_minutes_of_logging_in_nothing_is_asked(agent: FlaskClient, path: str) -> None:
    assert post(agent, path, CHANGE).status_code in (303, 409)


@pytest.mark.parametrize("path", DANGEROUS)
def test_later_the_deed_waits_for_a_proof(app: Flask, agent: FlaskClient, path: str) -> None:
    grow_stale(app)
    question = post(agent, path, CHANGE)
    assert question.status_code == 403
    assert "Is it you?" in question.text
    assert letters(app) == []


def test_what_was_typed_is_posted_again_after_the_proof(app: Flask, acme: Company, agent: FlaskClient) -> None:
    grow_stale(app)
    question = post(agent, "/account/email", CHANGE, Referer="http://localhost/account/email")
    form = carried(question) | {"proof": PASSWORD}
    assert form["email"] == "new@acme.example"
    done = follow(agent, post(agent, "/account/proof?next=/account/email", form), form)
    assert (done.status_code, done.location) == (303, "/account/email")
    assert [letter.to for letter in letters(app)] == ["new@acme.example"]


def test_a_wrong_password_keeps_what_was_typed(app: Flask, agent: FlaskClient) -> None:
    grow_stale(app)
    form = carried(post(agent, "/account/email", CHANGE))
    refused = post(agent, "/account/proof", form | {"proof": "not this one"})
    assert refused.status_code == 422
    assert "not your current password" in refused.text
    assert carried(refused)["email"] == "new@acme.example"
    form = carried(refused) | {"proof": PASSWORD}
    assert follow(agent, post(agent, "/account/proof", form), form).status_code == 303


@pytest.mark.parametrize("proof", ["", "x" * 201])
def test_no_proof_is_a_wrong_one(app: Flask, agent: FlaskClient, proof: str) -> None:
    grow_stale(app)
    assert post(agent, "/account/proof", {"proof": proof}).status_code == 422
    assert post(agent, "/account/two-factor/end", {}).status_code == 403


def test_fields_of_one_name_come_along_in_their_order(app: Flask, agent: FlaskClient) -> None:
    grow_stale(app)
    question = post(agent, "/account/email", {"email": ["a@x.example", 'b"<@x.example']})
    assert re.findall(r'name="email" value="([^"]*)"', question.text) == ["a@x.example", "b&#34;&lt;@x.example"]


def test_a_proof_is_good_for_ten_minutes_and_for_one_session(
    app: Flask, agent: FlaskClient, elsewhere: FlaskClient
) -> None:
    grow_stale(app)
    assert post(agent, "/account/proof?next=/account", {"proof": PASSWORD}).location == "/account"
    assert post(agent, "/account/two-factor/end", {}).status_code == 303
    assert post(elsewhere, "/account/two-factor/end", {}).status_code == 403
    grow_stale(app, minutes=9.9)
    assert post(agent, "/account/two-factor/end", {}).status_code == 303


def test_a_session_that_never_proved_anything_is_asked(app: Flask, agent: FlaskClient) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(update(UserSession).values(proved_at=None))
    assert post(agent, "/account/two-factor/end", {}).status_code == 403


def test_a_page_asks_first_and_leads_back(app: Flask, agent: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    view = app.view_functions["account.profile"]
    monkeypatch.setitem(app.view_functions, "account.profile", step_up.requires_fresh_proof(view))
    grow_stale(app)
    asked = agent.get("/account?tab=1")
    assert parse_qs(urlsplit(asked.location).query)["next"] == ["/account?tab=1"]
    assert agent.get(asked.location).status_code == 200
    assert post(agent, asked.location, {"proof": PASSWORD}).location == "/account?tab=1"
    assert agent.get("/account?tab=1").status_code == 200


def test_htmx_gets_the_question_as_a_fragment_for_the_notices(app: Flask, agent: FlaskClient) -> None:
    grow_stale(app)
    question = post(agent, "/account/email", CHANGE, HX_Request="true")
    assert question.status_code == 403
    assert question.text.strip().startswith('<div class="problem"')  # what lib/problems.js looks for
    form = carried(question) | {"proof": PASSWORD}
    assert follow(agent, post(agent, "/account/proof", form), form).status_code == 303


class TestForgeries:
    """A link to the question must not become a deed."""

    def test_nothing_is_posted_that_this_session_did_not_begin(
        self, app: Flask, acme: Company, agent: FlaskClient
    ) -> None:
        viewer = logged_in(app, acme.email("viewer"))
        grow_stale(app)
        foreign = carried(post(viewer, "/account/email", CHANGE))
        answer = post(agent, "/account/proof", foreign | {"proof": PASSWORD})
        assert (answer.status_code, answer.location) == (303, "/workspaces")

    @pytest.mark.parametrize("again", ["/account/two-factor/end", "WyJ4IiwgIi9hY2NvdW50Il0.x.x", ""])
    def test_nor_what_we_did_not_sign(self, agent: FlaskClient, again: str) -> None:
        answer = post(agent, "/account/proof?next=/account", {"proof": PASSWORD, "again": again})
        assert (answer.status_code, answer.location) == (303, "/account")

    @pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
    def test_another_site_is_never_next(self, agent: FlaskClient, target: str) -> None:
        assert post(agent, f"/account/proof?next={target}", {"proof": PASSWORD}).location == "/workspaces"


def test_guessing_is_limited_and_shuts_the_door(
    app: Flask, acme: Company, agent: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "chatapp.limiter", None)
    grow_stale(app)
    form = carried(post(agent, "/account/email", CHANGE))
    for _ in range(lockout.FREE_TRIES):
        assert post(agent, "/account/proof", form | {"proof": "wrong"}).status_code == 422
    refused = post(agent, "/account/proof", form | {"proof": PASSWORD})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert carried(refused)["email"] == "new@acme.example"
    assert post(app.test_client(), "/login", {"email": acme.email("agent"), "password": PASSWORD}).status_code == 429


def test_the_limit_of_tries_a_minute_keeps_what_was_typed_too(app: Flask, agent: FlaskClient) -> None:
    grow_stale(app)
    form = carried(post(agent, "/account/email", CHANGE))
    answers = [post(agent, "/account/proof", form | {"proof": "wrong"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429]  # logging in was the first
    assert carried(answers[-1])["email"] == "new@acme.example"


def test_with_two_factor_on_a_code_is_asked_for_and_good_once(app: Flask, acme: Company, agent: FlaskClient) -> None:
    post(agent, "/account/two-factor/begin", {})
    key = re.search(r'authenticator__key">([A-Z2-7]{32})<', agent.get("/account/two-factor").text)
    assert key is not None
    phone = pyotp.TOTP(key.group(1))
    post(agent, "/account/two-factor", {"code": phone.at(now() - timedelta(seconds=30))})
    grow_stale(app)
    assert "authenticator app" in post(agent, "/account/two-factor/end", {}).text
    assert post(agent, "/account/proof", {"proof": PASSWORD}).status_code == 422
    code = phone.now()
    assert post(agent, "/account/proof", {"proof": code}).status_code == 303
    assert post(agent, "/account/proof", {"proof": code}).status_code == 422
    assert post(agent, "/account/two-factor/end", {}).status_code == 303


def test_the_ownership_goes_to_nobody_without_a_proof(app: Flask, acme: Company, owner: FlaskClient) -> None:
    grow_stale(app)
    transfer = {"owner_id": str(acme.members["agent"])}
    for path, form in (
        ("/w/acme/team/ownership", transfer),
        (f"/w/acme/team/{acme.members['agent']}/role", {"role": "owner"}),
    ):
        assert post(owner, path, form).status_code == 403
    with inside(app, acme) as it:
        assert it.member("agent").role == "agent"
    assert post(owner, f"/w/acme/team/{acme.members['agent']}/role", {"role": "viewer"}).status_code == 303
    form = carried(post(owner, "/w/acme/team/ownership", transfer)) | {"proof": PASSWORD}
    assert follow(owner, post(owner, "/account/proof", form), form).status_code == 303
    with inside(app, acme) as it:
        assert it.member("agent").role == "owner"


def test_strangers_are_led_to_the_door(client: FlaskClient) -> None:
    assert client.get("/account/proof").status_code == 302
    assert post(client, "/account/proof", {"proof": PASSWORD}).status_code == 401
