"""The suite's own Postgres and Redis: started once for a run, with one database per pytest worker.

A template database is migrated once and kept as long as the migrations stay the same; every worker's database is a
copy of it, which takes a tenth of a second. Engines forget what they are told to keep (no fsync): they are for tests.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from chatapp.common.embedded import resolve
from chatapp.common.embedded.supervisor import Supervisor
from chatapp.development.settings import ROOT, folder
from tests.support.configuration import environment

DATABASE, REDIS, FOLDER = "CHATAPP_TEST_DATABASE_URL", "CHATAPP_TEST_REDIS_URL", "CHATAPP_TEST_FOLDER"
_SLOTS = 16
_running = pytest.StashKey[ExitStack]()


@dataclass(frozen=True)
class TestEngines:
    """Where a pytest worker finds its part of the engines. Databases are named by their purpose."""

    __test__ = False

    worker: int

    def make_database(self, purpose: str) -> str:
        """The URL of a new copy of the template."""
        name = f"test_{self.worker}_{purpose}"
        with _administrator() as connection:
            _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
            _execute(connection, "CREATE DATABASE {} TEMPLATE {}", name, template_name())
        return _url(name)

    def redis_url(self, number: int) -> str:
        """A database of Redis for this worker: `number` is 0 or 1, so that eight workers share the usual sixteen."""
        address, database = os.environ[REDIS], self.worker * 2 + number
        if address.startswith("unix"):
            return f"{address.partition('?')[0]}?db={database}"
        return urlsplit(address)._replace(path=f"/{database}").geturl()

    def prefix(self, purpose: str) -> str:
        """Channels of Redis know no databases, so names are kept apart too."""
        return f"test-{self.worker}-{purpose}"


@pytest.fixture(scope="session")
def engines(request: pytest.FixtureRequest) -> TestEngines:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "gw0")
    return TestEngines(int(worker.removeprefix("gw")))


def pytest_configure(config: pytest.Config) -> None:
    """Start the engines once, in the process that commands the workers. They inherit the addresses."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    stack = ExitStack()
    config.stash[_running] = stack
    slot = stack.enter_context(_free_slot())
    supervisor = stack.enter_context(Supervisor(Path(slot.name).parent))
    supervisor.stop_what_was_left_behind()
    started = resolve.start(supervisor, os.environ, database="chatapp", durable=False)
    os.environ |= {DATABASE: started.database_url, REDIS: started.redis_url, FOLDER: str(supervisor.folder)}
    _migrate_template()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _running in config.stash:
        config.stash[_running].close()


def _free_slot() -> IO[str]:
    """The lock of a folder that no other run of the suite uses now; runs side by side get engines of their own."""
    for number in range(_SLOTS):
        place = folder(os.environ) / "test" / str(number)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (place / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return lock
    raise pytest.UsageError(f"{_SLOTS} runs of the suite use {folder(os.environ) / 'test'} already.")


def template_name() -> str:
    """Named by the migrations, so that a change of them makes a new one."""
    digest = hashlib.sha256()
    for migration in sorted((ROOT / "migrations").rglob("*.py")):
        digest.update(migration.read_bytes())
    return f"template_{digest.hexdigest()[:16]}"


def _migrate_template() -> None:
    name = template_name()
    with _administrator() as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", (name,)).fetchone():
            return
        _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _execute(connection, "CREATE DATABASE {}", name)
    _migrate(_url(name))
    with _administrator() as connection:
        _execute(connection, "ALTER DATABASE {} IS_TEMPLATE true", name)


def _migrate(database_url: str) -> None:
    done = flask("db", "upgrade", database_url=database_url)
    if done.returncode:
        raise pytest.UsageError(f"The migrations failed:\n{done.stderr}")


def flask(*words: str, database_url: str) -> subprocess.CompletedProcess[str]:
    """Run a flask command in a process of its own: making an application here would leave traces in this one."""
    where = environment(database_url=database_url, redis_url=os.environ[REDIS], redis_prefix="test-command")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **where}, capture_output=True, text=True, check=False)


def _administrator() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(os.environ[DATABASE], autocommit=True)


def _execute(connection: psycopg.Connection[tuple[object, ...]], statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


def _url(database: str) -> str:
    return make_url(os.environ[DATABASE]).set(database=database).render_as_string(hide_password=False)
