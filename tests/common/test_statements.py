"""What a connection has prepared outlives the rollback that ends a reading."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DataError

from chatapp.common.db import db

_STATEMENT = text("SELECT 1 AS only_this_test")
_DIVISION = text("SELECT 1 / CAST(:divisor AS int)")
_PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT 1 AS only_this_test'")


def test_statements_stay_prepared_after_a_rollback(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        for _time in range(8):
            connection.execute(_STATEMENT)
        before = connection.scalar(_PREPARED)
        connection.rollback()
        assert (before, connection.scalar(_PREPARED)) == (1, 1)
        connection.execute(_STATEMENT)  # and can still be used


def test_a_statement_that_fails_is_asked_anew(app: Flask) -> None:
    """A failed one is not taken for prepared: the connection goes on as if nothing had been."""
    with app.app_context(), db.engine.connect() as connection:
        for divisor in (1, 1, 1, 1, 1, 1, 0, 1, 1):
            if divisor:
                assert connection.scalar(_DIVISION, {"divisor": divisor}) == 1
                continue
            with pytest.raises(DataError):
                connection.scalar(_DIVISION, {"divisor": divisor})
            connection.rollback()
