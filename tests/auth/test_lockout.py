"""Doors that shut after wrong tries: alike for every address, for longer each time, never for good."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from chatapp.auth.models import FailedLogIn
from chatapp.auth.services import lockout
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.unit_of_work import unit_of_work
from tests.factories import PASSWORD, Company
from tests.support.letters import letters, link_in
from tests.support.programs import Program
from tests.support.web_client import post


@pytest.fixture(autouse=True)
def _unlimited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the limit of tries a minute, which would answer first."""
    monkeypatch.setitem(app.extensions, "chatapp.limiter", None)


def attempt(app: Flask, email: str, password: str = "wrong") -> TestResponse:
    return post(app.test_client(), "/login", {"email": email, "password": password})


def shut(app: Flask, email: str) -> None:
    answers = [attempt(app, email).status_code for _ in range(lockout.FREE_TRIES + 1)]
    assert answers == [422] * lockout.FREE_TRIES + [429]


def reopen(app: Flask) -> None:
    """The wait is over."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(FailedLogIn).values(shut_until=now()))


@pytest.mark.parametrize("email", ["agent@acme.example", "nobody@acme.example"])
def test_five_tries_are_free_whether_or_not_the_account_exists(app: Flask, acme: Company, email: str) -> None:
    shut(app, email)
    refused = attempt(app, email, PASSWORD)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "Wait 1 minute and try again." in refused.text


def test_another_account_is_not_touched(app: Flask, acme: Company) -> None:
    shut(app, acme.email("agent"))
    assert attempt(app, acme.email("viewer"), PASSWORD).status_code == 303


def test_capitals_and_blanks_are_no_way_around(app: Flask, acme: Company) -> None:
    shut(app, acme.email("agent"))
    assert attempt(app, " AGENT@acme.example ", PASSWORD).status_code == 429


def test_programs_find_the_same_door_shut(app: Flask, acme: Company) -> None:
    shut(app, acme.email("agent"))
    answer = Program(app).post("/auth/token", {"email": acme.email("agent"), "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_each_further_failure_shuts_it_for_longer_and_at_most_for_a_quarter_of_an_hour(
    app: Flask, acme: Company
) -> None:
    waits = []
    shut(app, acme.email("agent"))
    for _ in range(6):
        with app.app_context(), unit_of_work():
            until = db.session.scalars(select(FailedLogIn.shut_until)).one()
            assert until is not None
            waits.append(round((until - now()).total_seconds() / 60))
        reopen(app)
        assert attempt(app, acme.email("agent")).status_code == 422
    assert waits == [1, 2, 4, 8, 15, 15]


def test_afterwards_the_right_password_opens_and_all_is_forgotten(app: Flask, acme: Company) -> None:
    shut(app, acme.email("agent"))
    reopen(app)
    assert attempt(app, acme.email("agent"), PASSWORD).status_code == 303
    shut(app, acme.email("agent"))


def test_a_new_password_by_mail_opens_the_door_again(app: Flask, acme: Company) -> None:
    shut(app, acme.email("agent"))
    reader = app.test_client()
    post(reader, "/forgotten-password", {"email": acme.email("agent")})
    assert post(reader, link_in(letters(app)[0]), {"password": "a new one, quite long"}).status_code == 303
    assert attempt(app, acme.email("agent"), "a new one, quite long").status_code == 303


def test_yesterdays_failures_do_not_count(app: Flask, acme: Company) -> None:
    for _ in range(lockout.FREE_TRIES - 1):
        attempt(app, acme.email("agent"))
    with app.app_context(), unit_of_work():
        db.session.execute(update(FailedLogIn).values(last_at=now() - timedelta(days=2)))
    shut(app, acme.email("agent"))


def test_the_database_does_not_hold_what_was_typed(app: Flask, acme: Company) -> None:
    attempt(app, acme.email("agent"))
    with app.app_context(), unit_of_work():
        assert "agent" not in db.session.scalars(select(FailedLogIn.door)).one()


def test_wrong_codes_shut_the_second_door_and_leave_the_first(app: Flask, acme: Company) -> None:
    door = lockout.door("code", str(acme.members["agent"]))
    with app.app_context():
        for _ in range(lockout.FREE_TRIES):
            lockout.note_failure(door)
        with pytest.raises(AppError), unit_of_work():
            lockout.refuse_if_shut(door)
    assert attempt(app, acme.email("agent"), PASSWORD).status_code == 303
