"""`flask operator create`, `list`, `revoke`."""

from __future__ import annotations

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from chatapp.auth import queries as users
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from tests.backoffice.conftest import signed_in
from tests.factories import Company, make_user
from tests.support.web_client import log_in_by_form


def run(app: Flask, *arguments: str, answers: str = "") -> str:
    result = app.test_cli_runner().invoke(args=["operator", *arguments], input=answers)
    return f"{result.output}exit {result.exit_code}{result.exception or ''}"


def test_an_account_becomes_an_operator_and_stops_being_one(app: Flask, acme: Company) -> None:
    assert "There is no operator yet" in run(app, "list")
    assert "owner@acme.example is an operator now.\nexit 0" in run(app, "create", "Owner@acme.example")
    assert "is an operator already.\nexit 0" in run(app, "create", "owner@acme.example")
    assert "owner@acme.example  Owner  since " in run(app, "list")
    owner = signed_in(app, acme.members["owner"])
    assert owner.get("/operator/users").status_code == 403  # two-factor is off
    assert "is no operator any more.\nexit 0" in run(app, "revoke", "owner@acme.example")
    assert owner.get("/operator/users").status_code == 404
    assert "exit 1" in run(app, "revoke", "owner@acme.example")
    assert "exit 1" in run(app, "revoke", "nobody@acme.example")


def test_a_new_account_asks_for_name_and_password(app: Flask) -> None:
    answers = "Olga\na long password\na long password\n"
    assert "exit 0" in run(app, "create", "ops@chatapp.example", answers=answers)
    log_in_by_form(app.test_client(), "ops@chatapp.example", "a long password")
    with app.app_context(), unit_of_work():
        made = users.user_by_email("ops@chatapp.example")
        assert made is not None
        assert made.is_operator
        assert made.email_verified_at is not None


@pytest.mark.parametrize(("email", "password"), [("ops@chatapp.example", "short"), ("ops", "a long password")])
def test_what_cannot_log_in_is_refused(app: Flask, email: str, password: str) -> None:
    assert "exit 1" in run(app, "create", email, "--name", "Olga", "--password", password)
    with app.app_context(), unit_of_work():
        assert users.user_by_email(email) is None


def test_what_operators_did_can_be_neither_changed_nor_removed(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        make_user("ops@chatapp.example")
    run(app, "create", "ops@chatapp.example")
    for statement in ("UPDATE installation_audit SET ip = 'x'", "DELETE FROM installation_audit"):
        with app.app_context(), pytest.raises(Exception, match=r"append-only|permission denied") as refused:
            db.session.execute(text(statement))
        assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
