"""Signing in with an account at a provider: who it makes, whom it finds, whom it refuses."""

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.auth import queries
from chatapp.auth.services import two_factor
from chatapp.common.unit_of_work import unit_of_work
from tests.auth.conftest import is_in
from tests.factories import PASSWORD, Company
from tests.support.letters import letters
from tests.support.oidc_provider import ProviderServer
from tests.support.sign_in import START, configure, decide, rows, sign_in
from tests.support.web_client import log_in_by_form, post


def test_a_new_person_gets_an_account_without_a_password(
    app: Flask, client: FlaskClient, provider: ProviderServer
) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/workspaces")
    assert is_in(client)
    with app.app_context(), unit_of_work():
        user = queries.user_by_email("ada@people.example")
        assert user is not None
        assert (user.name, user.password_hash) == ("Ada Lovelace", None)
        assert user.email_verified_at is not None
    refused = post(app.test_client(), "/login", {"email": "ada@people.example", "password": PASSWORD})
    assert refused.status_code == 422


def test_the_same_person_comes_back_to_the_same_account(app: Flask, provider: ProviderServer) -> None:
    sign_in(app.test_client())
    provider.is_visited_by(email="married@people.example", email_verified=False)
    client = app.test_client()
    sign_in(client)
    assert is_in(client)
    assert rows(app)[:2] == (1, 1)


def test_the_browser_goes_where_it_was_going_and_nowhere_else(client: FlaskClient, provider: ProviderServer) -> None:
    assert sign_in(client, start=f"{START}?next=/account/sessions").headers["Location"] == "/account/sessions"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example"])
def test_nobody_is_led_to_another_site(client: FlaskClient, provider: ProviderServer, target: str) -> None:
    begun = client.get(START, query_string={"next": target})
    assert client.get(decide(begun.headers["Location"])).headers["Location"] == "/workspaces"


def test_an_account_whose_address_is_confirmed_on_both_sides_is_joined_and_told(
    app: Flask, client: FlaskClient, provider: ProviderServer, acme: Company
) -> None:
    provider.is_visited_by(email=acme.email("agent").upper())
    before = rows(app)
    sign_in(client)
    assert is_in(client)
    assert rows(app) == (before[0], 1, before[2] + 1)
    (letter,) = letters(app)
    assert letter.subject == "A new way to log in to your account"
    assert letter.to == acme.email("agent")
    log_in_by_form(app.test_client(), acme.email("agent"))


def test_an_account_whose_address_nobody_confirmed_here_is_not_joined(
    app: Flask, client: FlaskClient, provider: ProviderServer, acme: Company
) -> None:
    with app.app_context(), unit_of_work():
        user = queries.user(acme.members["agent"])
        assert user is not None
        user.email_verified_at = None
    provider.is_visited_by(email=acme.email("agent"))
    before = rows(app)
    answer = sign_in(client)
    assert answer.status_code == 409
    assert "Log in with its password and connect Acme ID in your account" in answer.text
    assert (rows(app), is_in(client), letters(app)) == (before, False, [])


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": None}, {"email": ""}, {"email": "x"}])
def test_an_address_that_the_provider_has_not_confirmed_is_nobodys(
    app: Flask, client: FlaskClient, provider: ProviderServer, claims: dict[str, object]
) -> None:
    provider.is_visited_by(**claims)
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "Acme ID has not confirmed your mail address" in answer.text
    assert rows(app) == (0, 0, 0)


def test_what_the_token_lacks_is_asked_for(app: Flask, client: FlaskClient, provider: ProviderServer) -> None:
    provider.is_visited_by(drop=("email", "email_verified", "name"))
    sign_in(client)
    assert is_in(client)


def test_two_factor_is_asked_for_all_the_same(
    app: Flask, client: FlaskClient, provider: ProviderServer, acme: Company
) -> None:
    with app.app_context(), unit_of_work():
        user = queries.user(acme.members["agent"])
        assert user is not None
        two_factor.begin(user)
        found = queries.authenticator(user.id)
        assert found is not None
        phone = pyotp.TOTP(two_factor.secret_of(found))
        assert two_factor.confirm(user, phone.now())
        found.last_step = 0
    provider.is_visited_by(email=acme.email("agent"))
    asked = sign_in(client, start=f"{START}?next=/account")
    assert asked.headers["Location"] == "/login/code?next=/account"
    assert not is_in(client)
    assert post(client, asked.headers["Location"], {"code": phone.now()}).headers["Location"] == "/account"
    assert is_in(client)


@pytest.mark.parametrize("path", ["/login", "/register"])
def test_buttons_are_there_for_the_providers_that_were_set_up(
    app: Flask, client: FlaskClient, provider: ProviderServer, path: str
) -> None:
    assert f'href="{START}?next=/account"' in client.get(f"{path}?next=/account").text
    configure(app, "")
    assert "Continue with" not in client.get(path).text
