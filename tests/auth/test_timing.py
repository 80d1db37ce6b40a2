"""How long an answer takes must not tell who has an account.

The two kinds of address take turns, so that whatever else the machine does slows both alike, and the medians are
compared. On a busy machine medians need many samples to come to rest: the rounds go on until they agree, or for ever
as long as they differ by design.
"""

import statistics
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete

from chatapp.auth import passwords
from chatapp.auth.models import FailedLogIn
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from tests.factories import Company
from tests.support.programs import Program
from tests.support.web_client import ORIGIN, csrf_token

LEAST_ROUNDS, MOST_ROUNDS = 25, 300
TOLERANCE = 0.10
KNOWN, UNKNOWN = "agent@acme.example", "agent@nobody.example"

Knock = Callable[[str], object]


@pytest.fixture(autouse=True)
def _unlimited(app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "chatapp.limiter", None)


def knock_at(app: Flask, path: str, form: dict[str, str]) -> Knock:
    """Post the form with an address, as a browser that has the page open."""
    client = app.test_client()
    headers = {"Origin": ORIGIN, "X-CSRFToken": csrf_token(client)}
    return lambda email: client.post(path, data=form | {"email": email}, headers=headers)


def knock_as_program(app: Flask) -> Knock:
    program = Program(app)
    return lambda email: program.post("/auth/token", {"email": email, "password": "not this one"})


DOORS: dict[str, Callable[[Flask], Knock]] = {
    "log-in": lambda app: knock_at(app, "/login", {"password": "not this one"}),
    "program": knock_as_program,
    "registration": lambda app: knock_at(app, "/register", {"name": "Ada", "password": "long enough, surely"}),
    "reset": lambda app: knock_at(app, "/forgotten-password", {}),
}


def ratio_of(app: Flask, knock: Knock) -> tuple[float, int]:
    """How many times as long a known address takes in the median, and after how many rounds that was known."""
    seconds: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for email in seconds:
        knock(email)
    ratio = 0.0
    for rounds in range(1, MOST_ROUNDS + 1):
        for email in (KNOWN, UNKNOWN) if rounds % 2 else (UNKNOWN, KNOWN):
            open_doors(app)
            began = time.perf_counter()
            knock(email)
            seconds[email].append(time.perf_counter() - began)
        ratio = statistics.median(seconds[KNOWN]) / statistics.median(seconds[UNKNOWN])
        if rounds >= LEAST_ROUNDS and abs(ratio - 1) <= TOLERANCE:
            return ratio, rounds
    return ratio, MOST_ROUNDS


def open_doors(app: Flask) -> None:
    """Wrong tries before this one count for nothing."""
    with app.app_context(), unit_of_work():
        db.session.execute(delete(FailedLogIn))


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_addresses_take_equally_long(app: Flask, door: str) -> None:
    ratio, rounds = ratio_of(app, DOORS[door](app))
    assert abs(ratio - 1) <= TOLERANCE, f"{door}: {ratio:.2f} after {rounds} rounds"


def test_a_door_that_tells_is_found_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the hash that nobody has, an unknown address is answered at once."""
    monkeypatch.setattr("tests.auth.test_timing.MOST_ROUNDS", LEAST_ROUNDS)
    monkeypatch.setattr(passwords, "matches", lambda known, typed: bool(known) and passwords._verify(known, typed))
    ratio, _rounds = ratio_of(app, DOORS["log-in"](app))
    assert ratio > 1 + TOLERANCE


def test_the_hash_of_nobody_is_as_dear_as_the_others() -> None:
    assert not passwords.needs_rehash(passwords.NOBODYS)
