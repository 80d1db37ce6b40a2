"""The log can only grow, keeps no secret, and says only what it has words for."""

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from chatapp.audit import queries
from chatapp.common import audit
from chatapp.common.db import db
from tests.factories import Company, inside, make_company

CHANGES = ("UPDATE audit_entry SET actor_name = 'somebody else'", "DELETE FROM audit_entry", "TRUNCATE audit_entry")


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_application_can_change_nothing(app: Flask, acme: Company, statement: str) -> None:
    with inside(app, acme), pytest.raises(ProgrammingError), db.session.begin_nested():
        db.session.execute(text(statement))


@pytest.mark.parametrize("statement", CHANGES)
def test_nor_can_the_owner_of_the_tables(app: Flask, acme: Company, statement: str) -> None:
    url = app.extensions["chatapp.config"].database_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as owner:
        owner.execute("SELECT set_config('app.scope', 'system', true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(statement.encode())


def test_entries_go_with_their_workspace(app: Flask, acme: Company) -> None:
    url = app.extensions["chatapp.config"].database_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as owner:
        owner.execute("SELECT set_config('app.scope', 'system', true)")
        owner.execute("DELETE FROM conversation")
        owner.execute("DELETE FROM workspace")
        assert owner.execute("SELECT count(*) FROM audit_entry").fetchone() == (0,)


def test_a_secret_is_named_but_not_told_and_what_stayed_is_left_out(app: Flask, acme: Company) -> None:
    changes = {"password_hash": ("old-one", "new-one"), "name": ("A", "B"), "same": (1, 1)}
    with inside(app, acme):
        audit.record("project.changed", by=None, changes=changes)
    with inside(app, acme):
        told = queries.entries(queries.Filter(action="project.changed"))[0].changes
    assert told == {"password_hash": ["•••", "•••"], "name": ["A", "B"]}


def test_an_action_without_words_is_a_defect(app: Flask, acme: Company) -> None:
    with inside(app, acme), pytest.raises(KeyError):
        audit.record("project.painted", by=None)
