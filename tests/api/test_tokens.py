"""Tokens: given for a password, exchanged once, ended as a family."""

from datetime import timedelta
from uuid import uuid4

import jwt
import pytest
from flask import Flask

from chatapp.auth import access_tokens
from chatapp.common.clock import now
from tests.factories import PASSWORD, Company
from tests.support.programs import Program

FOREVER = timedelta(days=1)


@pytest.fixture
def stranger(app: Flask) -> Program:
    return Program(app)


def log_in(stranger: Program, acme: Company) -> dict[str, str]:
    answer = stranger.post("/auth/token", {"email": acme.email("agent"), "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def knocks(app: Flask, token: str) -> int:
    return Program(app, token).get("/workspaces").status_code


def test_a_password_gives_a_token_that_opens_the_api(app: Flask, stranger: Program, acme: Company) -> None:
    tokens = log_in(stranger, acme)
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    assert knocks(app, tokens["access_token"]) == 200


@pytest.mark.parametrize(
    ("email", "password"), [("agent@acme.example", "not the password"), ("nobody@acme.example", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    stranger: Program, acme: Company, email: str, password: str
) -> None:
    answer = stranger.post("/auth/token", {"email": email, "password": password})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"] == "This address and password do not go together."


def test_the_form_and_the_api_share_one_limit_for_log_ins(app: Flask, stranger: Program, acme: Company) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"email": " AGENT@acme.example", "password": "not the password"}
    browser = app.test_client()
    answers = [browser.post("/login", data=form).status_code for _ in range(3)]
    app.config["WTF_CSRF_ENABLED"] = True
    answers += [stranger.post("/auth/token", form).status_code for _ in range(3)]
    assert answers == [422, 422, 422, 401, 401, 429]


def test_a_refresh_token_gives_the_next_pair(app: Flask, stranger: Program, acme: Company) -> None:
    first = log_in(stranger, acme)
    second = stranger.post("/auth/refresh", {"refresh_token": first["refresh_token"]}).get_json()
    assert second["refresh_token"] != first["refresh_token"]
    assert knocks(app, second["access_token"]) == 200


def test_a_refresh_token_that_comes_back_ends_its_whole_family(app: Flask, stranger: Program, acme: Company) -> None:
    other = log_in(stranger, acme)
    first = log_in(stranger, acme)
    second = stranger.post("/auth/refresh", {"refresh_token": first["refresh_token"]}).get_json()
    assert stranger.post("/auth/refresh", {"refresh_token": first["refresh_token"]}).status_code == 401
    assert stranger.post("/auth/refresh", {"refresh_token": second["refresh_token"]}).status_code == 401
    assert knocks(app, second["access_token"]) == 401
    assert knocks(app, other["access_token"]) == 200


def test_revoking_ends_refresh_and_access_tokens(app: Flask, stranger: Program, acme: Company) -> None:
    tokens = log_in(stranger, acme)
    assert stranger.post("/auth/revoke", {"refresh_token": tokens["refresh_token"]}).status_code == 204
    assert stranger.post("/auth/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401
    assert knocks(app, tokens["access_token"]) == 401


def test_revoking_says_nothing_about_a_token_that_never_was(stranger: Program) -> None:
    assert stranger.post("/auth/revoke", {"refresh_token": "never was"}).status_code == 204


def test_a_refresh_token_that_never_was_is_refused(stranger: Program) -> None:
    assert stranger.post("/auth/refresh", {"refresh_token": "never was"}).status_code == 401


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({}, {"email", "password"}),
        ({"email": 1, "password": None}, {"email", "password"}),
        ({"email": "a@b.example", "password": "x", "code": "123456"}, {"code"}),
        ({"email": "a\x00@b.example", "password": "\ud800"}, {"email", "password"}),
    ],
)
def test_what_is_wrong_with_the_body_is_named(stranger: Program, body: object, names: set[str]) -> None:
    answer = stranger.post("/auth/token", body)
    assert answer.status_code == 422
    assert answer.get_json()["errors"].keys() == names


class TestForgeries:
    """Tokens that look right and are not. The first test proves that the right one, made the same way, is let in."""

    def claims(self, tokens: dict[str, str], **other: object) -> dict[str, object]:
        made = jwt.decode(tokens["access_token"], options={"verify_signature": False})
        return made | other

    def key(self, app: Flask) -> str:
        with app.app_context():
            return access_tokens._key()

    def test_the_right_token_is_let_in(self, app: Flask, stranger: Program, acme: Company) -> None:
        tokens = log_in(stranger, acme)
        assert knocks(app, jwt.encode(self.claims(tokens), self.key(app), algorithm="HS256")) == 200

    def test_signed_by_somebody_else(self, app: Flask, stranger: Program, acme: Company) -> None:
        tokens = log_in(stranger, acme)
        assert knocks(app, jwt.encode(self.claims(tokens), "k" * 64, algorithm="HS256")) == 401

    def test_not_signed_at_all(self, app: Flask, stranger: Program, acme: Company) -> None:
        tokens = log_in(stranger, acme)
        assert knocks(app, jwt.encode(self.claims(tokens), None, algorithm="none")) == 401

    def test_signed_by_another_algorithm(self, app: Flask, stranger: Program, acme: Company) -> None:
        tokens = log_in(stranger, acme)
        key = self.key(app)
        with pytest.warns(jwt.InsecureKeyLengthWarning):
            token = jwt.encode(self.claims(tokens), key, algorithm="HS512")
        assert knocks(app, token) == 401

    @pytest.mark.parametrize(
        "other",
        [
            {"exp": now() - timedelta(seconds=1)},
            {"aud": "chatapp-widget"},
            {"sub": str(uuid4())},
            {"sid": str(uuid4())},
            {"sub": "agent"},
        ],
        ids=["over", "another audience", "another user", "another family", "no id"],
    )
    def test_with_a_claim_that_is_wrong(
        self, app: Flask, stranger: Program, acme: Company, other: dict[str, object]
    ) -> None:
        tokens = log_in(stranger, acme)
        assert knocks(app, jwt.encode(self.claims(tokens, **other), self.key(app), algorithm="HS256")) == 401

    @pytest.mark.parametrize("missing", ["exp", "aud", "sub", "sid"])
    def test_without_a_claim(self, app: Flask, stranger: Program, acme: Company, missing: str) -> None:
        claims = self.claims(log_in(stranger, acme))
        del claims[missing]
        assert knocks(app, jwt.encode(claims, self.key(app), algorithm="HS256")) == 401

    def test_a_session_cookie_opens_nothing_here(self, app: Flask, acme: Company) -> None:
        browser = app.test_client()
        app.config["WTF_CSRF_ENABLED"] = False
        browser.post("/login", data={"email": acme.email("agent"), "password": PASSWORD})
        app.config["WTF_CSRF_ENABLED"] = True
        assert browser.get("/workspaces").status_code == 200
        answer = browser.get("/api/v1/workspaces")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
