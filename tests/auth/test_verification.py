"""Whose mailbox an address is: proved afterwards where no letter was sent at first, and before an address replaces
another."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from chatapp.auth.models import LetterToken, User
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from tests.auth.conftest import is_in
from tests.factories import PASSWORD, Company, make_user
from tests.support.letters import letters, link_in
from tests.support.web_client import log_in_by_form, post

NADIA = "nadia@new.example"
CHANGE = {"email": "New@acme.example"}
BANNER = "Confirm your address:"


@pytest.fixture
def nadia(app: Flask, client: FlaskClient) -> FlaskClient:
    """Somebody who registered while no letters could be sent, and has asked for one now."""
    with app.app_context(), unit_of_work():
        make_user(NADIA).email_verified_at = None
    log_in_by_form(client, NADIA)
    assert post(client, "/account/confirmation", {}).status_code == 303
    return client


def change_link(app: Flask, agent: FlaskClient, **other: str) -> str:
    assert post(agent, "/account/email", CHANGE | other).status_code == 303
    return link_in(letters(app)[0])


def test_whoever_is_not_confirmed_is_asked_to_be(app: Flask, nadia: FlaskClient) -> None:
    assert BANNER in nadia.get("/workspaces").text
    link = link_in(letters(app)[0])
    assert nadia.get(link).status_code == 200
    assert BANNER in nadia.get("/workspaces").text
    assert post(nadia, link, {}).location == "/workspaces"
    assert BANNER not in nadia.get("/workspaces").text


def test_the_letter_may_be_read_in_another_browser(app: Flask, nadia: FlaskClient) -> None:
    assert post(app.test_client(), link_in(letters(app)[0]), {}).location == "/login"
    assert BANNER not in nadia.get("/account").text


def test_a_link_works_once(app: Flask, nadia: FlaskClient) -> None:
    link = link_in(letters(app)[0])
    assert post(nadia, link, {}).status_code == 303
    assert post(nadia, link, {}).status_code == 410


def test_a_link_is_over_after_three_days(app: Flask, nadia: FlaskClient) -> None:
    link = link_in(letters(app)[0])
    with app.app_context(), unit_of_work():
        assert timedelta(days=2) < db.session.scalars(select(LetterToken.expires_at)).one() - now() <= timedelta(days=3)
        db.session.execute(update(LetterToken).values(expires_at=now()))
    assert nadia.get(link).status_code == post(nadia, link, {}).status_code == 410
    assert BANNER in nadia.get("/workspaces").text


def test_the_link_is_sent_again_three_times_an_hour(app: Flask, nadia: FlaskClient) -> None:
    assert [post(nadia, "/account/confirmation", {}).status_code for _ in range(3)] == [303, 303, 429]
    sent = letters(app)
    assert len({link_in(letter) for letter in sent}) == 3
    assert post(nadia, link_in(sent[2]), {}).status_code == 303


def test_an_address_changes_once_the_new_mailbox_answered(app: Flask, acme: Company, agent: FlaskClient) -> None:
    link = change_link(app, agent)
    log_in_by_form(app.test_client(), acme.email("agent"))
    assert post(agent, link, {}).status_code == 303
    assert is_in(agent)
    log_in_by_form(app.test_client(), "new@acme.example")
    assert post(app.test_client(), "/login", {"email": acme.email("agent"), "password": PASSWORD}).status_code == 422


def test_the_old_address_is_told(app: Flask, acme: Company, agent: FlaskClient) -> None:
    post(agent, change_link(app, agent), {})
    told = letters(app)[0]
    assert (told.to, told.subject) == (acme.email("agent"), "Your address was changed")
    assert "new@acme.example" in told.text


def test_links_sent_before_a_change_are_over(app: Flask, acme: Company, agent: FlaskClient) -> None:
    post(agent, "/forgotten-password", {"email": acme.email("agent")})
    reset = link_in(letters(app)[0])
    post(agent, change_link(app, agent), {})
    assert post(app.test_client(), reset, {"password": "of whoever reads it"}).status_code == 410


def test_a_wrong_change_sends_nothing(app: Flask, agent: FlaskClient) -> None:
    answer = post(agent, "/account/email", {"email": "no address"})
    assert answer.status_code == 422
    assert "does not look like" in answer.text
    assert letters(app) == []


def test_an_address_that_has_an_account_is_not_taken_from_it(app: Flask, acme: Company, agent: FlaskClient) -> None:
    """The form says nothing; the link, which only the owner of the mailbox could follow, does nothing."""
    link = change_link(app, agent, email=acme.email("viewer"))
    assert post(agent, link, {}).status_code == 410
    with app.app_context(), unit_of_work():
        emails = set(db.session.scalars(select(User.email)))
    assert emails == {acme.email(role) for role in acme.members}


def test_a_link_for_one_thing_is_no_link_for_another(app: Flask, agent: FlaskClient, acme: Company) -> None:
    token = change_link(app, agent).rpartition("/")[2]
    assert post(app.test_client(), f"/reset-password/{token}", {"password": "long enough, surely"}).status_code == 410
    log_in_by_form(app.test_client(), acme.email("agent"))
