"""Two-factor: set up with an app, asked for at every door, each code good once."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from chatapp.auth.models import Authenticator, RecoveryCode
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from tests.auth.conftest import is_in
from tests.factories import PASSWORD, Company
from tests.support.letters import letters
from tests.support.programs import Program
from tests.support.web_client import log_in_by_form, post

_KEY = re.compile(r'authenticator__key">([A-Z2-7]{32})<')
_CODE = re.compile(r"\b(?:[a-z2-9]{5}-){2}[a-z2-9]{5}\b")
WRONG = "000000"


class App:
    """The agent's phone, and the recovery codes on paper."""

    def __init__(self, secret: str, codes: list[str]) -> None:
        self.totp, self.codes = pyotp.TOTP(secret), codes

    def code(self, *, seconds: int = 0) -> str:
        return self.totp.at(now() + timedelta(seconds=seconds))


@pytest.fixture
def phone(app: Flask, agent: FlaskClient) -> App:
    """Two-factor is on. The code that turned it on was that of the half minute before."""
    assert post(agent, "/account/two-factor/begin", {}).status_code == 303
    secret = _key(agent)
    answer = _confirm(agent, secret)
    if answer.status_code == 422:  # the half minute ended on the way
        answer = _confirm(agent, secret)
    assert answer.status_code == 200
    return App(secret, _CODE.findall(answer.text))


def _confirm(client: FlaskClient, secret: str) -> TestResponse:
    return post(client, "/account/two-factor", {"code": pyotp.TOTP(secret).at(now() - timedelta(seconds=30))})


def _key(client: FlaskClient) -> str:
    found = _KEY.search(client.get("/account/two-factor").text)
    assert found is not None
    return found.group(1)


def password_given(app: Flask, company: Company, **more: str) -> FlaskClient:
    """A browser in which the agent has given the password."""
    client = app.test_client()
    form = {"email": company.email("agent"), "password": PASSWORD} | more
    answer = post(client, "/login?next=/w/acme/inbox", form)
    assert answer.location == "/login/code?next=/w/acme/inbox"
    return client


def give(client: FlaskClient, code: str) -> TestResponse:
    return post(client, "/login/code?next=/w/acme/inbox", {"code": code})


def test_setting_up_shows_a_picture_and_ten_recovery_codes(app: Flask, agent: FlaskClient) -> None:
    post(agent, "/account/two-factor/begin", {})
    assert 'src="data:image/svg+xml' in agent.get("/account/two-factor").text
    answer = post(agent, "/account/two-factor", {"code": pyotp.TOTP(_key(agent)).now()})
    assert len(set(_CODE.findall(answer.text))) == 10
    assert letters(app)[0].subject == "Two-factor was turned on"
    page = agent.get("/account/two-factor").text
    assert "10 recovery codes left" in page
    assert not _KEY.search(page)


def test_a_wrong_code_does_not_turn_it_on(app: Flask, acme: Company, agent: FlaskClient) -> None:
    post(agent, "/account/two-factor/begin", {})
    answer = post(agent, "/account/two-factor", {"code": WRONG})
    assert answer.status_code == 422
    assert "This code is wrong" in answer.text
    log_in_by_form(app.test_client(), acme.email("agent"))


def test_half_a_set_up_asks_nobody_for_a_code(app: Flask, acme: Company, agent: FlaskClient) -> None:
    post(agent, "/account/two-factor/begin", {})
    log_in_by_form(app.test_client(), acme.email("agent"))


def test_what_is_on_is_not_set_up_anew(agent: FlaskClient, phone: App) -> None:
    assert post(agent, "/account/two-factor/begin", {}).status_code == 409
    assert post(agent, "/account/two-factor", {"code": phone.code()}).status_code == 422


def test_the_password_alone_opens_nothing(app: Flask, acme: Company, phone: App) -> None:
    client = password_given(app, acme)
    assert not is_in(client)
    answer = give(client, phone.code())
    assert (answer.status_code, answer.location) == (303, "/w/acme/inbox")
    assert is_in(client)


@pytest.mark.parametrize("code", [WRONG, "12345", "words", "aaaaa-bbbbb-ccccc", ""])
def test_a_wrong_code_opens_nothing(app: Flask, acme: Company, phone: App, code: str) -> None:
    client = password_given(app, acme)
    assert give(client, code).status_code == 422
    assert not is_in(client)


def test_without_the_password_no_code_is_asked_for(client: FlaskClient, phone: App) -> None:
    answer = give(client, phone.code())
    assert answer.location == "/login?next=/w/acme/inbox"
    assert not is_in(client)


def test_a_code_is_good_once(app: Flask, acme: Company, phone: App) -> None:
    code = phone.code()
    assert give(password_given(app, acme), code).status_code == 303
    assert give(password_given(app, acme), code).status_code == 422


def test_an_older_code_is_no_good_after_a_newer_one(app: Flask, acme: Company, phone: App) -> None:
    earlier, later = phone.code(), phone.code(seconds=30)
    assert give(password_given(app, acme), later).status_code == 303
    assert give(password_given(app, acme), earlier).status_code == 422


def test_a_code_of_two_minutes_ago_is_over(app: Flask, acme: Company, phone: App) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(update(Authenticator).values(last_step=0))
    assert give(password_given(app, acme), phone.code(seconds=-120)).status_code == 422


@pytest.mark.parametrize("typed", [str, str.upper, lambda code: code.replace("-", " ")])
def test_a_recovery_code_is_good_once(app: Flask, acme: Company, phone: App, typed: type[str]) -> None:
    code = typed(phone.codes[3])
    assert give(password_given(app, acme), code).status_code == 303
    assert give(password_given(app, acme), code).status_code == 422


def test_guessing_is_slow_from_wherever(app: Flask, acme: Company, phone: App) -> None:
    client = password_given(app, acme)
    assert [give(client, WRONG).status_code for _ in range(6)] == [422] * 5 + [429]
    elsewhere = password_given(app, acme)
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert give(elsewhere, phone.code()).status_code == 429


def test_a_remembered_browser_stays_remembered_after_the_code(app: Flask, acme: Company, phone: App) -> None:
    answer = give(password_given(app, acme, remember="y"), phone.code())
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("chatapp="))
    assert "Expires=" in cookie


def test_new_recovery_codes_end_the_old_ones(app: Flask, acme: Company, agent: FlaskClient, phone: App) -> None:
    answer = post(agent, "/account/two-factor/codes", {})
    fresh = _CODE.findall(answer.text)
    assert len(set(fresh) - set(phone.codes)) == 10
    assert give(password_given(app, acme), phone.codes[0]).status_code == 422
    assert give(password_given(app, acme), fresh[0]).status_code == 303


def test_turned_off_it_is_asked_for_no_more(app: Flask, acme: Company, agent: FlaskClient, phone: App) -> None:
    assert post(agent, "/account/two-factor/end", {}).status_code == 303
    assert letters(app)[0].subject == "Two-factor was turned off"
    log_in_by_form(app.test_client(), acme.email("agent"))
    with app.app_context(), unit_of_work():
        assert db.session.scalars(select(RecoveryCode)).all() == []


def test_the_database_holds_neither_secret_nor_codes(app: Flask, phone: App) -> None:
    with app.app_context(), unit_of_work():
        assert phone.totp.secret not in db.session.scalars(select(Authenticator.secret)).one()
        hashes = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert len(hashes) == 10
    assert not {code.replace("-", "") for code in phone.codes} & set(hashes)


class TestPrograms:
    """`POST /api/v1/auth/token` asks for the same code, as `otp`."""

    def ask(self, app: Flask, acme: Company, **more: str) -> TestResponse:
        return Program(app).post("/auth/token", {"email": acme.email("agent"), "password": PASSWORD} | more)

    def test_the_code_gives_a_token(self, app: Flask, acme: Company, phone: App) -> None:
        answer = self.ask(app, acme, otp=phone.code())
        assert answer.status_code == 200
        assert Program(app, answer.get_json()["access_token"]).get("/workspaces").status_code == 200

    def test_without_it_nothing_is_given(self, app: Flask, acme: Company, phone: App) -> None:
        answer = self.ask(app, acme)
        assert answer.status_code == 401
        assert "otp" in answer.get_json()["detail"]

    def test_a_wrong_or_used_one_is_refused(self, app: Flask, acme: Company, phone: App) -> None:
        code = phone.code()
        assert self.ask(app, acme, otp=WRONG).status_code == 401
        assert self.ask(app, acme, otp=code).status_code == 200
        assert self.ask(app, acme, otp=code).status_code == 401

    def test_a_wrong_password_says_nothing_of_two_factor(self, app: Flask, acme: Company, phone: App) -> None:
        credentials = {"email": acme.email("agent"), "password": "not this one", "otp": phone.code()}
        answer = Program(app).post("/auth/token", credentials)
        assert answer.status_code == 401
        assert answer.get_json()["detail"] == "This address and password do not go together."
