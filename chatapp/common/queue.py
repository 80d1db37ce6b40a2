"""Redis and the job queue. Whatever is in Redis can be lost and is rebuilt: the outbox in Postgres is the truth."""

from __future__ import annotations

import time
from uuid import UUID

import gevent
import structlog
from flask import Flask, current_app
from gevent import monkey
from redis import Redis, RedisError
from rq import Queue
from rq.serializers import JSONSerializer

log = structlog.get_logger()

DRAIN = "chatapp.jobs.drain.drain"
SEND_MAIL = "chatapp.jobs.mail.send_due"
_EXTENSION = "chatapp.redis"
_PREFIX = "chatapp.redis_prefix"
_BELL_SECONDS = 10
_SILENCE_SECONDS = 1.0
_ANSWER_SECONDS = 0.5
_GATHER_SECONDS = 0.5
_silent_until = 0.0
_rung: set[str] = set()


def init_app(app: Flask, *, url: str, prefix: str) -> None:
    """One client for short commands. Its time-outs are short: a request never waits for Redis."""
    app.extensions[_EXTENSION] = Redis.from_url(
        url, socket_connect_timeout=_ANSWER_SECONDS, socket_timeout=_ANSWER_SECONDS
    )
    app.extensions[_PREFIX] = prefix


def redis() -> Redis:
    client: Redis = current_app.extensions[_EXTENSION]
    return client


def key(name: str) -> str:
    """A name in our part of Redis. Every key goes through here."""
    return f"{current_app.extensions[_PREFIX]}:{name}"


def jobs(connection: Redis | None = None) -> Queue:
    """The one queue. A worker listens to this queue only: with several, RQ can lose a job between pop and start."""
    return Queue(key("jobs"), connection=connection or redis(), serializer=JSONSerializer)


def ring(workspace_id: UUID) -> None:
    """Tell the workers that a workspace has deliveries waiting: one job, however many events. Never raises.

    While Redis is down nothing is lost, nor when this process dies before it rang: the clock's relay finds the rows.
    After a failure we stay silent for a second.
    """
    _ring(_bell(workspace_id), DRAIN, str(workspace_id))


def answer(workspace_id: UUID) -> None:
    """The worker takes note of the doorbell: whoever rings from here on starts a new job."""
    redis().delete(_bell(workspace_id))


def ring_mail() -> None:
    """Tell the workers that letters wait. Never raises."""
    _ring(_mail_bell(), SEND_MAIL)


def answer_mail() -> None:
    redis().delete(_mail_bell())


def _ring(bell: str, job: str, *arguments: str) -> None:
    """In a web process a little later and once for all who rang meanwhile, so that no request talks to Redis."""
    if not monkey.is_module_patched("socket"):
        _enqueue(bell, job, *arguments)
    elif bell not in _rung:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        _rung.add(bell)
        gevent.spawn_later(_GATHER_SECONDS, _enqueue_gathered, app, bell, job, *arguments)


def _enqueue_gathered(app: Flask, bell: str, job: str, *arguments: str) -> None:
    _rung.discard(bell)
    with app.app_context():
        _enqueue(bell, job, *arguments)


def _enqueue(bell: str, job: str, *arguments: str) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        if redis().set(bell, 1, nx=True, ex=_BELL_SECONDS):
            jobs().enqueue(job, *arguments, result_ttl=0, failure_ttl=3600, job_timeout=120)
    except RedisError as error:
        _silent_until = time.monotonic() + _SILENCE_SECONDS
        log.warning("queue.unreachable", error=str(error))


def _mail_bell() -> str:
    return key("doorbell-of-mail")


def _bell(workspace_id: UUID) -> str:
    return key(f"doorbell:{workspace_id}")
