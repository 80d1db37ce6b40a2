"""Registering: alike for every address, an account only for whoever has the mailbox and the password."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from chatapp.auth import queries
from chatapp.auth.models import Registration, User
from chatapp.auth.services import housekeeping, lockout
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.jobs.mail import send_due
from tests.auth.conftest import is_in
from tests.factories import Company
from tests.support.letters import letters, link_in
from tests.support.smtp_server import MailServer, mail_server
from tests.support.web_client import log_in_by_form, post

PASSWORD = "long enough, surely"
FORM = {"name": "Nadia", "email": "Nadia@new.example", "password": PASSWORD}
EMAIL = "nadia@new.example"


def register(client: FlaskClient, query: str = "", **other: str) -> TestResponse:
    return post(client, f"/register{query}", FORM | other)


def registered(app: Flask, client: FlaskClient) -> str:
    """The link in the letter."""
    assert register(client).status_code == 200
    newest = letters(app)[0]
    assert (newest.to, newest.subject) == (EMAIL, "Open your account")
    return link_in(newest)


def accounts(app: Flask) -> int:
    with app.app_context(), unit_of_work():
        return db.session.scalar(select(func.count()).select_from(User)) or 0


def test_the_letters_link_opens_the_account_where_it_was_registered(app: Flask, client: FlaskClient) -> None:
    link = registered(app, client)
    assert not is_in(client)
    assert accounts(app) == 0
    page = client.get(link)
    assert page.status_code == 200
    assert 'type="password"' not in page.text
    assert accounts(app) == 0
    answer = post(client, link, {})
    assert (answer.status_code, answer.location) == (303, "/workspaces")
    assert "Confirm your address:" not in client.get("/workspaces").text
    log_in_by_form(app.test_client(), EMAIL, PASSWORD)


def test_elsewhere_the_password_is_asked_for(app: Flask, client: FlaskClient) -> None:
    link = registered(app, client)
    phone = app.test_client()
    assert 'type="password"' in phone.get(link).text
    for wrong, sentence in (("not this one", "not the password that was chosen"), ("", "Enter your password.")):
        refused = post(phone, link, {"password": wrong})
        assert refused.status_code == 422
        assert sentence in refused.text
    assert accounts(app) == 0
    assert post(phone, link, {"password": PASSWORD}).status_code == 303
    assert is_in(phone)
    assert not is_in(client)


def test_the_mailboxs_owner_never_confirms_a_strangers_password(app: Flask, client: FlaskClient) -> None:
    """Somebody registered with another's address. Its owner follows the link, guesses, and registers on their own."""
    link = registered(app, client)
    owner = app.test_client()
    tries = [post(owner, link, {"password": f"my usual one, {number}"}).status_code for number in range(6)]
    assert tries == [422] * lockout.FREE_TRIES + [429]
    assert register(owner, password="the owner's own one").status_code == 200
    assert post(owner, link_in(letters(app)[0]), {}).status_code == 303
    assert post(client, link, {}).status_code == 410
    log_in_by_form(app.test_client(), EMAIL, "the owner's own one")


def test_a_known_address_gets_the_same_answer_and_its_owner_another_letter(
    app: Flask, acme: Company, client: FlaskClient
) -> None:
    unknown, known = register(client), register(app.test_client(), email=acme.email("agent").upper())
    assert known.status_code == unknown.status_code == 200
    assert _told(known, "AGENT@ACME.EXAMPLE") == _told(unknown, "Nadia@new.example")
    assert _told(known, "")[1] == ["chatapp"]
    told = letters(app)[0]
    assert (told.to, told.subject) == (acme.email("agent"), "You have an account already")
    assert "Hello Agent," in told.text
    for path in ("/login", "/forgotten-password"):
        assert re.search(rf"^http://\S+{path}$", told.text, re.MULTILINE)
        assert f'{path}"' in told.html
    log_in_by_form(app.test_client(), acme.email("agent"))


def _told(answer: TestResponse, email: str) -> tuple[str, list[str]]:
    """What is seen, and the names of the cookies. How long ours is depends on how well its random parts compress."""
    main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    cookies = [cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")]
    return main.replace(email, "it"), cookies


def test_both_do_the_same_work(app: Flask, acme: Company, client: FlaskClient) -> None:
    """One registration and one letter, and no account is looked up: the time cannot tell them apart."""
    for email in (EMAIL, acme.email("agent")):
        register(client, email=email)
    with app.app_context(), unit_of_work():
        assert db.session.scalar(select(func.count()).select_from(Registration)) == 2
    assert accounts(app) == len(acme.members)


def test_after_registering_people_arrive_where_they_were_going(app: Flask, client: FlaskClient) -> None:
    register(client, "?next=/account/sessions")
    (link,) = re.findall(r"^https?://\S+$", letters(app)[0].text, re.MULTILINE)
    parts = urlsplit(link)
    assert post(client, f"{parts.path}?{parts.query}", {}).location == "/account/sessions"


def test_another_site_is_not_where_they_were_going(app: Flask, client: FlaskClient) -> None:
    register(client, "?next=//evil.example")
    assert "evil" not in letters(app)[0].text


def test_a_link_works_once(app: Flask, client: FlaskClient) -> None:
    link = registered(app, client)
    assert post(client, link, {}).status_code == 303
    assert post(client, link, {}).status_code == 410
    assert client.get(link).status_code == 410


def test_registering_again_leaves_both_links_good_until_one_is_used(app: Flask, client: FlaskClient) -> None:
    first, second = registered(app, client), registered(app, client)
    assert client.get(first).status_code == 200
    assert post(client, second, {}).status_code == 303
    assert post(client, first, {}).status_code == 410
    assert accounts(app) == 1


def test_a_link_is_over_after_three_days_and_what_was_typed_is_deleted(app: Flask, client: FlaskClient) -> None:
    link = registered(app, client)
    with app.app_context(), unit_of_work():
        until = db.session.scalars(select(Registration.expires_at)).one()
        assert timedelta(days=2) < until - now() <= timedelta(days=3)
        housekeeping.sweep()
        db.session.execute(update(Registration).values(expires_at=now()))
    assert post(client, link, {}).status_code == 410
    with app.app_context(), unit_of_work():
        housekeeping.sweep()
        assert db.session.scalars(select(Registration)).all() == []


def test_an_address_that_has_an_account_meanwhile_is_not_taken_from_it(app: Flask, client: FlaskClient) -> None:
    link = registered(app, client)
    with app.app_context(), unit_of_work():
        db.session.add(User(email=EMAIL, password_hash="x", name="Nadia"))
    assert post(client, link, {}).status_code == 410
    assert accounts(app) == 1


@pytest.mark.parametrize("token", ["never-was", "x" * 43, "..%00"])
def test_a_link_that_never_was_is_over(client: FlaskClient, token: str) -> None:
    assert client.get(f"/register/{token}").status_code == 410
    assert post(client, f"/register/{token}", {"password": PASSWORD}).status_code == 410


def test_whoever_was_in_is_out(app: Flask, acme: Company, client: FlaskClient) -> None:
    link = registered(app, client)
    log_in_by_form(client, acme.email("agent"))
    with client.session_transaction() as session:
        former = session["_user_id"]
    assert post(client, link, {}).status_code == 303
    assert EMAIL in client.get("/account").text
    with app.app_context():
        assert queries.live_session(former) is None


def test_a_mailbox_gets_three_letters_an_hour(app: Flask, acme: Company) -> None:
    for email in (EMAIL, acme.email("agent")):
        answers = [register(app.test_client(), email=email) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert int(answers[-1].headers["Retry-After"]) > 0


def test_the_database_holds_neither_password_nor_link(app: Flask, client: FlaskClient) -> None:
    link = registered(app, client)
    with app.app_context(), unit_of_work():
        kept = str(vars(db.session.scalars(select(Registration)).one()))
    assert PASSWORD not in kept
    assert link.rpartition("/")[2] not in kept


class TestWithoutMail:
    """In production without a mail server nobody could follow a link: people are in at once, and a known address says
    so."""

    @pytest.fixture(autouse=True)
    def _closed(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        config = replace(app.extensions["chatapp.config"], env="production")
        monkeypatch.setitem(app.extensions, "chatapp.config", config)

    def test_whoever_registers_is_in_at_once(self, client: FlaskClient) -> None:
        answer = register(client)
        assert (answer.status_code, answer.location) == (303, "/workspaces")
        assert is_in(client)

    def test_an_address_registers_once_whatever_its_capitals(self, client: FlaskClient, acme: Company) -> None:
        answer = register(client, email="OWNER@acme.example")
        assert answer.status_code == 422
        assert "already an account" in answer.text


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with mail_server(tmp_path_factory.mktemp("mail")) as server:
        yield server


@pytest.mark.parametrize(("locale", "subject"), [("en", "Open your account"), ("es", "Abre tu cuenta")])
def test_through_a_real_mail_server(
    app: Flask, client: FlaskClient, running: MailServer, monkeypatch: pytest.MonkeyPatch, locale: str, subject: str
) -> None:
    config = replace(app.extensions["chatapp.config"], smtp_url=running.url)
    monkeypatch.setitem(app.extensions, "chatapp.config", config)
    client.set_cookie("locale", locale)
    assert register(client).status_code == 200
    with app.app_context():
        send_due()
    arrived = running.messages()[-1]
    assert (arrived["To"], arrived["Subject"]) == (EMAIL, subject)
    (link,) = re.findall(r"https?://\S+", arrived.get_body(("plain",)).get_content())
    assert post(client, urlsplit(link).path, {}).status_code == 303
    assert is_in(client)
