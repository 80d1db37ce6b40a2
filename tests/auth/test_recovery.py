"""A forgotten password: asked for, mailed, used once."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from chatapp.auth.models import LetterToken
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.postbox import OutgoingMail
from chatapp.common.unit_of_work import unit_of_work
from tests.auth.conftest import is_in
from tests.factories import PASSWORD, Company
from tests.support.letters import letters, link_in
from tests.support.programs import Program
from tests.support.web_client import log_in_by_form, post

NEW = {"password": "a new one, quite long"}


def ask(client: FlaskClient, email: str) -> str:
    answer = post(client, "/forgotten-password", {"email": email})
    assert answer.status_code == 200
    return answer.text


def asked_link(app: Flask, client: FlaskClient, email: str) -> str:
    ask(client, email)
    newest = letters(app)[0]
    assert newest.to == email
    return link_in(newest)


def test_the_link_of_the_letter_leads_to_a_new_password(app: Flask, client: FlaskClient, acme: Company) -> None:
    link = asked_link(app, client, acme.email("agent"))
    assert client.get(link).status_code == 200
    answer = post(client, link, NEW)
    assert (answer.status_code, answer.location) == (303, "/login")
    log_in_by_form(client, acme.email("agent"), NEW["password"])
    assert post(app.test_client(), "/login", {"email": acme.email("agent"), "password": PASSWORD}).status_code == 422


def test_every_address_gets_the_same_answer_and_only_an_account_gets_a_letter(
    app: Flask, client: FlaskClient, acme: Company
) -> None:
    known, unknown = ask(client, acme.email("agent")), ask(client, "agent@nobody.example")
    assert "agent@acme.example" in known
    assert _main(known).replace("acme", "nobody") == _main(unknown)
    assert [letter.to for letter in letters(app)] == [acme.email("agent")]


def test_asking_does_the_same_work_for_every_address(app: Flask, client: FlaskClient, acme: Company) -> None:
    """One row, and nothing is looked up: the time cannot tell them apart."""
    for email in (acme.email("agent"), "agent@nobody.example"):
        ask(client, email)
    with app.app_context(), unit_of_work():
        assert db.session.scalars(select(OutgoingMail.state)).all() == ["pending", "pending"]
        assert db.session.scalar(select(func.count()).select_from(LetterToken)) == 0


def test_a_letter_goes_to_the_address_of_the_account_however_it_was_typed(
    app: Flask, client: FlaskClient, acme: Company
) -> None:
    ask(client, " AGENT@Acme.example ")
    assert [letter.to for letter in letters(app)] == [acme.email("agent")]


def test_a_link_works_once(app: Flask, client: FlaskClient, acme: Company) -> None:
    link = asked_link(app, client, acme.email("agent"))
    assert post(client, link, NEW).status_code == 303
    again = post(client, link, {"password": "yet another one, long"})
    assert again.status_code == 410
    assert "This link is over" in again.text
    log_in_by_form(client, acme.email("agent"), NEW["password"])


def test_a_link_is_over_after_an_hour(app: Flask, client: FlaskClient, acme: Company) -> None:
    link = asked_link(app, client, acme.email("agent"))
    with app.app_context(), unit_of_work():
        expires_at = db.session.scalars(select(LetterToken.expires_at)).one()
        assert timedelta(minutes=59) < expires_at - now() <= timedelta(hours=1)
        db.session.execute(update(LetterToken).values(expires_at=now()))
    assert post(client, link, NEW).status_code == 410
    log_in_by_form(client, acme.email("agent"))


def test_a_used_link_ends_the_earlier_ones(app: Flask, client: FlaskClient, acme: Company) -> None:
    first = asked_link(app, client, acme.email("agent"))
    second = asked_link(app, client, acme.email("agent"))
    assert post(client, second, NEW).status_code == 303
    assert post(client, first, {"password": "of somebody else, long"}).status_code == 410


@pytest.mark.parametrize("token", ["never-was", "x" * 43, "..%00"])
def test_a_link_that_never_was_is_answered_like_one_that_is_over(client: FlaskClient, token: str) -> None:
    """At the first look: nobody thinks up a password for nothing."""
    for answer in (client.get(f"/reset-password/{token}"), post(client, f"/reset-password/{token}", NEW)):
        assert answer.status_code == 410
        assert "This link is over" in answer.text


def test_a_short_password_is_refused_and_leaves_the_link_good(app: Flask, client: FlaskClient, acme: Company) -> None:
    link = asked_link(app, client, acme.email("agent"))
    refused = post(client, link, {"password": "2short"})
    assert refused.status_code == 422
    assert "at least 12" in refused.text
    assert post(client, link, NEW).status_code == 303


def test_a_new_password_ends_every_session_and_every_programs_tokens(
    app: Flask, client: FlaskClient, acme: Company, elsewhere: FlaskClient
) -> None:
    tokens = Program(app).post("/auth/token", {"email": acme.email("agent"), "password": PASSWORD}).get_json()
    program = Program(app, tokens["access_token"])
    assert is_in(elsewhere)
    assert program.get("/workspaces").status_code == 200
    post(client, asked_link(app, client, acme.email("agent")), NEW)
    assert not is_in(elsewhere)
    assert program.get("/workspaces").status_code == 401


def test_the_owner_is_told(app: Flask, client: FlaskClient, acme: Company) -> None:
    post(client, asked_link(app, client, acme.email("agent")), NEW)
    told = letters(app)[0]
    assert (told.to, told.subject) == (acme.email("agent"), "Your password was changed")


def test_asking_too_often_is_refused_for_every_address(client: FlaskClient, acme: Company) -> None:
    for email in (acme.email("agent"), "agent@nobody.example"):
        answers = [post(client, "/forgotten-password", {"email": email}).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]


def _main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]
