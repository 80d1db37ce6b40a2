"""Postgres goes while a connection is in use: what is told is that, and nothing that happened because of it."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chatapp.common.db import db
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work


def lose_connection(app):
    """End the backend that serves the current session, as a restart of Postgres does."""
    backend = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    url = app.extensions["chatapp.config"].database_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))


def ask_after_losing_connection(app):
    lose_connection(app)
    db.session.execute(text("SELECT 1"))


def test_across_tenants_tells_that_the_database_has_gone(app):
    with app.app_context(), pytest.raises(OperationalError), unit_of_work(), across_tenants(reason="a test"):
        ask_after_losing_connection(app)


def test_what_was_done_stays_done_when_the_database_goes_afterwards(app):
    with app.app_context():
        lose_connection(app)

        db.session.remove()

        assert db.session.execute(text("SELECT 1")).scalar_one() == 1


def test_the_next_unit_of_work_finds_a_connection_that_lives(app):
    with app.app_context():
        with pytest.raises(OperationalError), unit_of_work():
            ask_after_losing_connection(app)

        with unit_of_work():
            assert db.session.execute(text("SELECT 1")).scalar_one() == 1
