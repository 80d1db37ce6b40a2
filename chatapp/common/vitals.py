"""What the engines say about themselves, for whoever operates them. Nothing here changes anything."""

from __future__ import annotations

from dataclasses import dataclass

from redis import RedisError
from rq import Worker
from sqlalchemy import text

from chatapp.common import queue
from chatapp.common.db import db

CLOCK_LOCK = 0x63686174  # "chat": the advisory lock of the clock that is in charge

_POSTGRES = text(
    "SELECT current_setting('server_version'), pg_database_size(current_database()), "
    "(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()), "
    "current_setting('max_connections')::int"
)
_CLOCK = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = 0 "
    "AND objid = :lock AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


@dataclass(frozen=True)
class Postgres:
    """Size in bytes."""

    version: str
    size: int
    connections: int
    most_connections: int


@dataclass(frozen=True)
class Redis:
    """Memory in bytes; `most_memory` is 0 where there is no bound."""

    version: str
    memory: int
    most_memory: int
    clients: int
    workers: int
    jobs: int


def postgres() -> Postgres:
    return Postgres(*db.session.execute(_POSTGRES).one())


def is_clock_in_charge() -> bool:
    """Whether some clock holds the lock of whoever does the periodic work."""
    return bool(db.session.scalar(_CLOCK, {"lock": CLOCK_LOCK}))


def redis() -> Redis | None:
    """None while it does not answer."""
    try:
        info = queue.redis().info()
        jobs = queue.jobs()
        return Redis(
            version=str(info.get("valkey_version") or info["redis_version"]),
            memory=int(info["used_memory"]),
            most_memory=int(info.get("maxmemory", 0)),
            clients=int(info["connected_clients"]),
            workers=len(Worker.all(queue=jobs)),
            jobs=jobs.count,
        )
    except RedisError:
        return None
