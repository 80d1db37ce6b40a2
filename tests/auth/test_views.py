"""The door: log in, log out; and what a form says that cannot be used."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.auth import queries
from tests.factories import PASSWORD, Company
from tests.support.web_client import log_in_by_form, post


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": "", "email": "a@b.example", "password": "long enough, surely"}, "Enter your name."),
        ({"name": "A", "email": "not an address", "password": "long enough, surely"}, "does not look like"),
        ({"name": "A", "email": "a@b.example", "password": "2short4us"}, "at least 12"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(client: FlaskClient, form: dict[str, str], sentence: str) -> None:
    answer = post(client, "/register", form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{form["email"]}"' in answer.text
    assert form["password"] not in answer.text


def test_the_right_password_opens_and_logging_out_closes(app: Flask, client: FlaskClient, acme: Company) -> None:
    log_in_by_form(client, acme.email("agent"))
    token = _session_token(client)
    assert client.get("/w/acme/inbox").status_code == 200
    assert post(client, "/logout", {}).status_code == 303
    assert client.get("/w/acme/inbox").status_code == 302
    with app.app_context():
        assert queries.live_session(token) is None


@pytest.mark.parametrize("email", ["agent@acme.example", "nobody@acme.example"])
def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    client: FlaskClient, acme: Company, email: str
) -> None:
    answer = post(client, "/login", {"email": email, "password": "wrong"})
    assert answer.status_code == 422
    assert "do not go together" in answer.text


def test_after_logging_in_the_person_arrives_where_they_were_going(client: FlaskClient, acme: Company) -> None:
    asked = client.get("/w/acme/inbox?view=mine")
    assert asked.status_code == 302
    answer = post(client, asked.location, {"email": acme.email("agent"), "password": PASSWORD})
    assert answer.location == "/w/acme/inbox?view=mine"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "evil"])
def test_another_site_is_never_where_one_was_going(client: FlaskClient, acme: Company, target: str) -> None:
    answer = post(client, "/login?next=" + target, {"email": acme.email("agent"), "password": PASSWORD})
    assert answer.location == "/workspaces"


def test_language_and_theme_are_kept_with_the_account(client: FlaskClient, acme: Company) -> None:
    log_in_by_form(client, acme.email("agent"))
    assert '<html lang="en"' in client.get("/workspaces").text
    post(client, "/preferences", {"locale": "es", "theme": "dark"})
    page = client.get("/workspaces").text
    assert '<html lang="es"' in page
    assert 'data-theme="dark"' in page


def _session_token(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        token: str = session["_user_id"]
    assert re.fullmatch(r"[\w-]{43}", token)
    return token
