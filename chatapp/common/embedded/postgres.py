"""A Postgres cluster in a folder, reached by a unix socket only.

`find` settles which program runs it and under which account, by really making the cluster: a program that is installed
but broken, too old or without our extensions is passed over. A cluster that exists stays with its major version.
"""

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from chatapp.common.embedded import binaries
from chatapp.common.embedded.accounts import Account, last_line, reachable_program, usable_accounts
from chatapp.common.embedded.errors import EngineError
from chatapp.common.embedded.processes import Program, facts_of, is_alive, stop_by_id
from chatapp.common.embedded.sockets import socket_folder

EXTENSIONS = ("btree_gin", "pg_trgm", "unaccent")  # what search is built on
DURABLE = ("max_connections=200", "log_min_messages=warning")
FORGETFUL = (*DURABLE, "fsync=off", "full_page_writes=off", "synchronous_commit=off")  # for tests: fast, not crash-safe
_BUILTIN_LOCALE = (17,)  # since then Postgres brings a locale of its own, the same on every system


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """A cluster that exists and can be started."""

    program: Path
    account: Account
    data: Path
    sockets: Path
    settings: tuple[str, ...] = field(default=DURABLE)

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.sockets))}"

    def reachable(self) -> Path:
        """The program where its account can run it."""
        return reachable_program(self.account, self.program, self.data.parent)

    def run(self) -> Program:
        """How to run the server in the foreground. SIGINT is its fast and clean stop."""
        words = ["listen_addresses=", f"unix_socket_directories={self.sockets}", "unix_socket_permissions=0700"]
        options = [part for setting in (*words, *self.settings) for part in ("-c", setting)]
        return Program(
            name="postgres",
            command=self.account.command(self.reachable(), "-D", self.data, *options),
            user=self.account.user,
            is_ready=self.is_ready,
            before_start=self.clear_leftovers,
            stop_signal="SIGINT",
        )

    def is_ready(self) -> bool:
        try:
            with psycopg.connect(self.url(), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def create_database(self, name: str) -> bool:
        """Make the database if it is missing. Answers whether it was."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                return False
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            return True

    def clear_leftovers(self) -> None:
        """Make the cluster startable after a crash.

        A server that outlived its supervisor is stopped. A lock file whose process id now belongs to another program
        is removed: Postgres itself would take that program for its predecessor. Everything else Postgres does better.
        """
        lock = self.data / "postmaster.pid"
        process_id = _first_number(lock)
        if process_id is None or not is_alive(process_id):
            return
        if str(self.data) in facts_of(process_id).command_line:
            stop_by_id(process_id, "SIGINT")
        else:
            lock.unlink(missing_ok=True)


def find(folder: Path, sockets: Path, *, settings: tuple[str, ...] = DURABLE) -> PostgresServer:
    """The cluster in `folder`, made now if there is none. Raises `EngineError` with every reason it met."""
    servers = [
        _server(program, account, folder, sockets, settings)
        for account in usable_accounts()
        for program in binaries.postgres_programs()
    ]
    existing = [server for server in servers if server.exists]
    reasons = []
    for server in existing or servers:
        reason = _unfit(server) if existing else _initialise(server, folder)
        if reason is None:
            return server
        reasons.append(f"  {server.program} as {server.account.name}: {reason}")
    raise EngineError("\n".join(["No Postgres could be started. Set DATABASE_URL, or mend one of these:", *reasons]))


def _server(program: Path, account: Account, folder: Path, sockets: Path, settings: tuple[str, ...]) -> PostgresServer:
    home = account.home(folder)
    return PostgresServer(
        program=program,
        account=account,
        data=home / "data",
        sockets=socket_folder(sockets) if home == folder else home / "run",
        settings=settings,
    )


def _unfit(server: PostgresServer) -> str | None:
    """Why this program cannot serve the cluster that exists, or None."""
    written_by = _first_number(server.data / "PG_VERSION")
    if written_by != binaries.version(server.program)[0]:
        return f"the data was written by Postgres {written_by}; `bin/dev --fresh` starts anew"
    return None


def _initialise(server: PostgresServer, folder: Path) -> str | None:
    """Make the cluster beside its place and move it there when it is whole. Answers why that failed, or None."""
    server.account.make_home(folder)
    unfinished = server.data.with_name("data-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for needed in (unfinished, server.sockets):
        server.account.own(needed)
    made = server.account.run(
        server.reachable().with_name("initdb"),
        *("-D", unfinished, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"),
        *_locale(server.program),
    )
    reason = last_line(made) if made.returncode else _missing_extensions(server, unfinished)
    if reason is None:
        unfinished.rename(server.data)
    return reason


def _locale(postgres: Path) -> tuple[str, ...]:
    if binaries.version(postgres) >= _BUILTIN_LOCALE:
        return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    return ("--locale=C.UTF-8",)


def _missing_extensions(server: PostgresServer, data: Path) -> str | None:
    """Ask the server itself, in single-user mode: that also proves that it runs."""
    question = "SELECT name FROM pg_available_extensions;\n"
    said = server.account.run(server.reachable(), "--single", "-D", data, "postgres", stdin=question)
    available = set(re.findall(r'name = "(\w+)"', said.stdout))
    missing = [name for name in EXTENSIONS if name not in available]
    if said.returncode:
        return last_line(said)
    return f"lacks the extensions {', '.join(missing)}" if missing else None


def _first_number(file: Path) -> int | None:
    try:
        return int(file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
