"""The application inside a test: on the worker's own database, empty at the start of each test that asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from redis import Redis

from chatapp.app import create_app
from chatapp.common import queue
from chatapp.common.db import db
from chatapp.config import Config
from tests.support.configuration import config_for
from tests.support.engines import TestEngines

_FILLED = """
    SELECT format('SELECT %L FROM (SELECT FROM %s LIMIT 1) filled', oid::regclass, oid::regclass)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""


class Cleaner:
    """Empties a database between tests. It looks first which tables hold rows: most tests touch few."""

    def __init__(self, database_url: str, redis_url: str) -> None:
        self._connection = psycopg.connect(database_url, autocommit=True)
        self._look = " UNION ALL ".join(question for (question,) in self._connection.execute(_FILLED))
        self._redis = Redis.from_url(redis_url)

    def clean(self) -> None:
        self._redis.flushdb()
        while not self._emptied():
            pass  # a live server's worker was at the same rows

    def _emptied(self) -> bool:
        try:
            self._empty()
        except psycopg.errors.DeadlockDetected:
            return False
        return True

    def _empty(self) -> None:
        filled = [sql.SQL(name) for (name,) in self._connection.execute(self._look.encode())] if self._look else []
        if filled:
            with self._connection.transaction():
                # Neither foreign keys nor triggers of append-only tables hold for a replica.
                self._connection.execute("SET LOCAL session_replication_role = replica")
                for table in filled:
                    self._connection.execute(sql.SQL("DELETE FROM {}").format(table))

    def close(self) -> None:
        self._connection.close()
        self._redis.close()


@contextmanager
def opened(config: Config) -> Iterator[Flask]:
    """An application whose connections are closed at the end: pytest takes one left open for an error."""
    application = create_app(config)
    yield application
    with application.app_context():
        db.engine.dispose()
        queue.redis().close()


@pytest.fixture(scope="session")
def _application(engines: TestEngines) -> Iterator[tuple[Flask, Cleaner]]:
    database_url, redis_url = engines.make_database("app"), engines.redis_url(0)
    config = config_for(database_url=database_url, redis_url=redis_url, redis_prefix=engines.prefix("app"))
    cleaner = Cleaner(database_url, redis_url)
    with opened(config) as application:
        yield application, cleaner
    cleaner.close()


@pytest.fixture
def app(_application: tuple[Flask, Cleaner]) -> Flask:
    """The application with empty tables. Enter `app.app_context()` for a unit of work, never around a request."""
    application, cleaner = _application
    cleaner.clean()
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts: keeps cookies, follows nothing."""
    return app.test_client()
