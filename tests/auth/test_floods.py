"""Floods: up to the limit everybody is served, one more is 429 with the time to wait, as a page and as a problem."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from limits import RateLimitItem, parse
from werkzeug.exceptions import BadRequest
from werkzeug.test import TestResponse

from chatapp.common import limits
from chatapp.common.realtime import socket
from tests.auth.conftest import logged_in
from tests.factories import PASSWORD, Company
from tests.isolation.detectors import UPGRADE
from tests.support.programs import Program
from tests.support.web_client import log_in_by_form, post

Flood = Callable[[Flask, int], TestResponse]
AGENT = "agent@acme.example"


def log_in_by_page(app: Flask, _number: int) -> TestResponse:
    return post(app.test_client(), "/login", {"email": AGENT, "password": PASSWORD})


def log_in_by_program(app: Flask, _number: int) -> TestResponse:
    return Program(app).post("/auth/token", {"email": AGENT, "password": PASSWORD})


def reset_one_address(app: Flask, _number: int) -> TestResponse:
    return post(app.test_client(), "/forgotten-password", {"email": AGENT})


def reset_many_addresses(app: Flask, number: int) -> TestResponse:
    return post(app.test_client(), "/forgotten-password", {"email": f"agent{number}@acme.example"})


def register_one_address(app: Flask, _number: int) -> TestResponse:
    return post(app.test_client(), "/register", {"name": "Ada", "email": AGENT, "password": PASSWORD})


def register_many_addresses(app: Flask, number: int) -> TestResponse:
    form = {"name": "Ada", "email": f"agent{number}@new.example", "password": PASSWORD}
    return post(app.test_client(), "/register", form)


def guess_invitations(app: Flask, number: int) -> TestResponse:
    return app.test_client().get(f"/invitations/guess-{number}")


@pytest.mark.parametrize(
    ("flood", "limit", "served"),
    [
        (log_in_by_page, limits.LOG_IN, 303),
        (log_in_by_program, limits.LOG_IN, 200),
        (reset_one_address, limits.LETTERS, 200),
        (reset_many_addresses, limits.REGISTER, 200),
        (register_one_address, limits.LETTERS, 200),
        (register_many_addresses, limits.REGISTER, 200),
        (guess_invitations, limits.LINKS, 404),
    ],
)
def test_one_more_than_the_limit_is_refused(
    app: Flask, acme: Company, flood: Flood, limit: RateLimitItem, served: int
) -> None:
    answers = [flood(app, number) for number in range(limit.amount + 1)]
    assert [answer.status_code for answer in answers] == [served] * limit.amount + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= limit.get_expiry()
    sentence = "Too many requests. Wait a moment and try again."
    if answers[-1].mimetype == "application/problem+json":
        assert answers[-1].get_json()["detail"] == sentence
    else:
        assert sentence in answers[-1].text


def test_a_workspace_invites_up_to_its_limit_and_nobody_of_the_list_that_exceeds_it(app: Flask, acme: Company) -> None:
    owner = app.test_client()
    log_in_by_form(owner, acme.email("owner"))

    def invite(first: int, count: int) -> TestResponse:
        emails = " ".join(f"guest{number}@x.example" for number in range(first, first + count))
        return post(owner, "/w/acme/team/invitations", {"emails": emails, "role": "agent"})

    half = limits.INVITATIONS.amount // 2
    assert [invite(number * half, half).status_code for number in range(2)] == [200, 200]
    refused = invite(limits.INVITATIONS.amount, 1)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= limits.INVITATIONS.get_expiry()
    assert "guest100@x.example" not in owner.get("/w/acme/team").text


@pytest.fixture
def _no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is let through is answered 400: a test's client speaks no WebSocket."""

    def refuse(_environ: object) -> None:
        raise BadRequest

    monkeypatch.setattr(socket, "_socket_of", refuse)


@pytest.mark.usefixtures("_no_sockets")
def test_a_person_opens_sockets_up_to_their_limit_and_an_office_up_to_its_own(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SOCKETS", parse("2 per minute"))
    monkeypatch.setattr(limits, "OFFICE_SOCKETS", parse("5 per minute"))
    office = {"REMOTE_ADDR": "203.0.113.7"}

    def come(role: str, times: int, **where: str) -> list[int]:
        agent = logged_in(app, acme.email(role))
        ask = partial(agent.get, "/w/acme/socket", headers=UPGRADE, environ_base=office | where)
        return [ask().status_code for _ in range(times)]

    assert come("agent", 3) == [400, 400, 429]
    assert come("admin", 3) == [400, 400, 429]
    assert come("owner", 2) == [400, 429]
    assert come("viewer", 1, REMOTE_ADDR="203.0.113.8") == [400]


@pytest.mark.usefixtures("_no_sockets")
def test_visitors_open_sockets_up_to_the_limit_of_their_address(app: Flask, acme: Company) -> None:
    ask = partial(app.test_client().get, "/widget/socket", headers=UPGRADE)
    statuses = [ask().status_code for _ in range(limits.SOCKETS.amount + 1)]
    assert statuses == [400] * limits.SOCKETS.amount + [429]
    assert ask(environ_base={"REMOTE_ADDR": "203.0.113.8"}).status_code == 400
