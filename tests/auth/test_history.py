"""Who logged in or tried to: kept for 90 days, shown to the account's owner, and told by letter when it is news."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from chatapp.auth import queries
from chatapp.auth.models import LogIn, User
from chatapp.auth.services import housekeeping
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.jobs.mail import send_due
from tests.auth.conftest import logged_in
from tests.factories import PASSWORD, Company
from tests.support.letters import letters, link_in
from tests.support.programs import Program
from tests.support.smtp_server import MailServer, mail_server
from tests.support.web_client import log_in_by_form, post

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1"


def told(app: Flask) -> list[tuple[str, bool]]:
    """How, and whether it was refused, the latest first."""
    with app.app_context(), unit_of_work():
        rows = db.session.scalars(select(LogIn).order_by(LogIn.id.desc()))
        return [(row.way, row.is_refused) for row in rows]


def browser(app: Flask, agent: str = IPHONE, ip: str = "198.51.100.7") -> FlaskClient:
    client = app.test_client()
    client.environ_base |= {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": ip}
    return client


def news(app: Flask) -> list[str]:
    return [letter.to for letter in letters(app) if letter.subject == "Your account was opened in a new browser"]


def test_log_ins_and_wrong_tries_are_shown_to_their_owner(app: Flask, acme: Company) -> None:
    phone = browser(app)
    post(phone, "/login", {"email": " AGENT@acme.example", "password": "not this one"})
    log_in_by_form(phone, acme.email("agent"))
    page = phone.get("/account/security").text
    assert page.index("Logged in") < page.index("Refused")
    assert page.count("Safari · iPhone") == 2
    assert "198.51.100.7" in page
    assert told(app) == [("password", False), ("password", True)]
    assert "198.51.100.7" not in logged_in(app, acme.email("viewer")).get("/account/security").text


def test_tries_at_an_account_that_does_not_exist_leave_nothing(app: Flask, acme: Company, client: FlaskClient) -> None:
    assert post(client, "/login", {"email": "nobody@acme.example", "password": "wrong"}).status_code == 422
    assert told(app) == []


def test_codes_and_recovery_codes_are_told_apart(app: Flask, acme: Company, agent: FlaskClient) -> None:
    post(agent, "/account/two-factor/begin", {})
    key = re.search(r'authenticator__key">([A-Z2-7]{32})<', agent.get("/account/two-factor").text)
    assert key is not None
    phone = pyotp.TOTP(key.group(1))
    page = post(agent, "/account/two-factor", {"code": phone.at(now() - timedelta(seconds=30))}).text
    recovery = re.findall(r"\b(?:[a-z2-9]{5}-){2}[a-z2-9]{5}\b", page)[0]
    for code in ("000000", phone.now(), recovery):
        client = app.test_client()
        post(client, "/login", {"email": acme.email("agent"), "password": PASSWORD})
        post(client, "/login/code", {"code": code})
    assert told(app)[:-1] == [("recovery", False), ("code", False), ("code", True)]


def test_programs_and_letters_are_ways_in_too(app: Flask, acme: Company, client: FlaskClient) -> None:
    credentials = {"email": acme.email("agent"), "password": PASSWORD}
    assert Program(app).post("/auth/token", credentials | {"password": "wrong"}).status_code == 401
    assert Program(app).post("/auth/token", credentials).status_code == 200
    post(client, "/register", {"name": "Nadia", "email": "nadia@new.example", "password": PASSWORD})
    post(client, link_in(letters(app)[0]), {})
    assert told(app) == [("letter", False), ("token", False), ("password", True)]
    assert news(app) == []


def test_a_long_list_comes_in_pages(app: Flask, acme: Company, agent: FlaskClient) -> None:
    with app.app_context(), unit_of_work():
        user_id = acme.members["agent"]
        db.session.execute(delete(LogIn))
        facts = {"user_id": user_id, "way": "password", "is_refused": False, "device": ""}
        db.session.add_all(LogIn(ip=f"192.0.2.{number}", **facts) for number in range(20))
        db.session.flush()
        first = queries.log_ins_of(user_id, limit=8)
        second = queries.log_ins_of(user_id, limit=8, cursor=first.next_cursor)
        last = queries.log_ins_of(user_id, limit=8, cursor=second.next_cursor)
    ips = [row.ip for page in (first, second, last) for row in page.rows]
    assert ips == [f"192.0.2.{number}" for number in reversed(range(20))]
    assert last.next_cursor is None
    page = agent.get("/account/security").text
    (older,) = re.findall(r'href="(/account/security\?cursor=[^"#]+)', page)
    assert "192.0.2.4<" not in page
    assert "192.0.2.4<" in agent.get(older).text
    assert agent.get("/account/security?cursor=nonsense").status_code == 400


def test_after_ninety_days_they_are_forgotten(app: Flask, agent: FlaskClient) -> None:
    for days, kept in ((89, 1), (90, 0)):
        with app.app_context(), unit_of_work():
            db.session.execute(update(LogIn).values(created_at=now() - timedelta(days=days)))
            housekeeping.sweep()
        assert len(told(app)) == kept


class TestLetters:
    """About a browser that is new: neither itself nor its like at this address was here before."""

    def test_a_new_browser_is_told(self, app: Flask, acme: Company, agent: FlaskClient) -> None:
        log_in_by_form(browser(app), acme.email("agent"))
        letter = letters(app)[0]
        assert (letter.to, letter.subject) == (acme.email("agent"), "Your account was opened in a new browser")
        assert "with Safari · iPhone, from the address 198.51.100.7" in letter.text
        assert link_in(letter) == "/forgotten-password"

    def test_the_first_of_a_new_account_is_no_news(self, app: Flask, acme: Company, agent: FlaskClient) -> None:
        assert news(app) == []

    def test_the_first_of_an_old_one_is(self, app: Flask, acme: Company) -> None:
        with app.app_context(), unit_of_work():
            db.session.execute(update(User).values(created_at=now() - timedelta(days=2)))
        log_in_by_form(browser(app), acme.email("agent"))
        assert news(app) == [acme.email("agent")]

    def test_a_browser_is_known_again_wherever_it_is(self, app: Flask, acme: Company, agent: FlaskClient) -> None:
        phone = browser(app)
        for ip in ("198.51.100.7", "203.0.113.9"):
            phone.environ_base["REMOTE_ADDR"] = ip
            log_in_by_form(phone, acme.email("agent"))
            post(phone, "/logout", {})
        assert len(news(app)) == 1

    def test_so_is_its_like_at_the_same_address(self, app: Flask, acme: Company, agent: FlaskClient) -> None:
        """A private window has no cookie."""
        for _ in range(2):
            log_in_by_form(browser(app), acme.email("agent"))
        assert len(news(app)) == 1
        log_in_by_form(browser(app, ip="203.0.113.9"), acme.email("agent"))
        log_in_by_form(browser(app, CHROME), acme.email("agent"))
        assert len(news(app)) == 3

    def test_a_browser_that_only_tried_stays_unknown(self, app: Flask, acme: Company, agent: FlaskClient) -> None:
        post(browser(app), "/login", {"email": acme.email("agent"), "password": "wrong"})
        log_in_by_form(browser(app), acme.email("agent"))
        assert len(news(app)) == 1

    def test_a_browser_known_to_one_is_new_to_another(self, app: Flask, acme: Company, agent: FlaskClient) -> None:
        logged_in(app, acme.email("viewer"))
        phone = browser(app)
        for who in ("agent", "viewer"):
            log_in_by_form(phone, acme.email(who))
            post(phone, "/logout", {})
        assert set(news(app)) == {acme.email("agent"), acme.email("viewer")}

    def test_whoever_wants_none_gets_none(self, app: Flask, acme: Company, agent: FlaskClient) -> None:
        profile = {"name": "Agent", "locale": "en", "theme": "system"}
        assert 'name="sign_in_letters" type="checkbox" value="y"' in agent.get("/account").text
        post(agent, "/account", profile)
        log_in_by_form(browser(app), acme.email("agent"))
        assert news(app) == []
        post(agent, "/account", profile | {"sign_in_letters": "y"})
        log_in_by_form(browser(app, CHROME), acme.email("agent"))
        assert news(app) == [acme.email("agent")]

    def test_the_cookie_opens_nothing_and_scripts_cannot_read_it(self, app: Flask, acme: Company) -> None:
        client = app.test_client()
        answer = post(client, "/login", {"email": acme.email("agent"), "password": PASSWORD})
        cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("browser="))
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        with app.app_context(), unit_of_work():
            kept = db.session.scalars(select(LogIn.browser_hash)).one()
        assert kept
        assert kept not in cookie


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with mail_server(tmp_path_factory.mktemp("mail")) as server:
        yield server


def test_the_letter_speaks_its_readers_language_through_a_real_mail_server(
    app: Flask, acme: Company, agent: FlaskClient, running: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(app.extensions["chatapp.config"], smtp_url=running.url)
    monkeypatch.setitem(app.extensions, "chatapp.config", config)
    with app.app_context(), unit_of_work():
        db.session.execute(update(User).values(locale="es"))
    log_in_by_form(browser(app, "curl/8"), acme.email("agent"))
    with app.app_context():
        send_due()
    (arrived,) = running.messages()
    assert (arrived["To"], arrived["Subject"]) == (
        acme.email("agent"),
        "Tu cuenta se ha abierto en un navegador nuevo",
    )
    assert "con un navegador desconocido, desde la dirección 198.51.100.7" in arrived.get_body(("plain",)).get_content()
