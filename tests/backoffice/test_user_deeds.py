"""What operators do for an account: log it out, lift its lock-out, help it to a new password."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chatapp.auth.models import FailedLogIn
from chatapp.auth.services import lockout
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.postbox import OutgoingMail
from chatapp.common.unit_of_work import unit_of_work
from tests.factories import PASSWORD, Company
from tests.support.web_client import log_in, post


def test_every_browser_and_program_is_logged_out(client: FlaskClient, operator: FlaskClient, acme: Company) -> None:
    log_in(client, acme.email("agent"))
    tokens = client.post("/api/v1/auth/token", json={"email": acme.email("agent"), "password": PASSWORD}).get_json()
    path = f"/operator/users/{acme.members['agent']}"
    assert post(operator, f"{path}/sessions/end", {}).status_code == 303
    assert client.get("/w/acme/inbox").status_code == 302
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert client.get("/api/v1/workspaces", headers=headers).status_code == 401
    assert "Logged out everywhere" in operator.get(path).text
    log_in(client, acme.email("agent"))


def test_a_lock_out_is_lifted(app: Flask, client: FlaskClient, operator: FlaskClient, acme: Company) -> None:
    with app.app_context(), unit_of_work():
        door = lockout.door("password", acme.email("agent"))
        shut = now() + timedelta(minutes=9)
        db.session.add(FailedLogIn(door=door, failures=9, last_at=now(), shut_until=shut))
    assert post(client, "/login", {"email": acme.email("agent"), "password": PASSWORD}).status_code == 429
    path = f"/operator/users/{acme.members['agent']}"
    assert "Locked out" in operator.get(path).text
    assert post(operator, f"{path}/unlock", {}).status_code == 303
    log_in(client, acme.email("agent"))
    assert "Locked out" not in operator.get(path).text


def test_a_letter_for_a_new_password_is_sent_and_not_too_often(
    app: Flask, operator: FlaskClient, acme: Company
) -> None:
    path = f"/operator/users/{acme.members['agent']}/password-letter"
    assert [post(operator, path, {}).status_code for _number in range(4)] == [303, 303, 303, 429]
    with app.app_context(), unit_of_work():
        letters = db.session.scalars(select(OutgoingMail)).all()
        assert {(letter.kind, letter.recipient) for letter in letters} == {("password_forgotten", acme.email("agent"))}
        assert len(letters) == 3


def test_without_a_csrf_token_nothing_happens(app: Flask, operator: FlaskClient, acme: Company) -> None:
    for path in ("sessions/end", "unlock", "suspension", "restoration", "password-letter"):
        answer = operator.post(f"/operator/users/{acme.members['agent']}/{path}", data={"reason": "x"})
        assert answer.status_code == 400, path
    assert "What operators did here" not in operator.get(f"/operator/users/{acme.members['agent']}").text
