"""Which engines to use: those the environment names, else our own, started now.

Our own come from the machine's programs where they work, else from the wheels of the development lock.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chatapp.common.embedded import postgres, redis
from chatapp.common.embedded.accounts import usable_accounts
from chatapp.common.embedded.supervisor import Supervisor


@dataclass(frozen=True, kw_only=True)
class Engines:
    """Where the application finds Postgres and Redis."""

    database_url: str
    redis_url: str


def start(supervisor: Supervisor, environ: Mapping[str, str], *, database: str, durable: bool = True) -> Engines:
    """Engines that serve. What is started here is the supervisor's to keep running and to stop."""
    given_database, given_redis = environ.get("DATABASE_URL"), environ.get("REDIS_URL")
    cluster = None if given_database else _postgres(supervisor.folder, durable=durable)
    cache = None if given_redis else _redis(supervisor.folder, durable=durable)
    supervisor.launch(*(server.run() for server in (cluster, cache) if server))
    if cluster:
        cluster.create_database(database)
    return Engines(
        database_url=cluster.url(database) if cluster else given_database or "",
        redis_url=cache.url() if cache else given_redis or "",
    )


def erase(folder: Path) -> None:
    """Throw away what our own engines have stored for `folder`. They must not be running."""
    homes = {account.home(folder / "postgres") for account in usable_accounts()}
    for stored in (folder / "postgres", folder / "redis", *homes):
        shutil.rmtree(stored, ignore_errors=True)


def _postgres(folder: Path, *, durable: bool) -> postgres.PostgresServer:
    settings = postgres.DURABLE if durable else postgres.FORGETFUL
    return postgres.find(folder / "postgres", folder / "run", settings=settings)


def _redis(folder: Path, *, durable: bool) -> redis.RedisServer:
    options = redis.PERSISTENT if durable else redis.IN_MEMORY
    return redis.find(folder / "redis", folder / "run", options=options)
