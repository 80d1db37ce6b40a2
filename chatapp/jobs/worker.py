"""The job worker: `python -m chatapp.jobs.worker`. Never monkey-patched.

It runs its jobs itself. A child for each would begin with cold statements and a connection of its own, which cost more
than the deliveries; what a fork would guard against, dying in the middle, is what the leases of the outbox are for.
What waits for machines of others runs beside them, in the threads of `outside`.
"""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import structlog
from flask import current_app
from redis import Redis, RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from chatapp.app import create_app
from chatapp.common import queue
from chatapp.jobs import outside

_GIVING_WAY = 10
_WORKER_TTL = 30
_MAINTENANCE_SECONDS = 5
_PAUSE_SECONDS = 1.0

log = structlog.get_logger()


class ChatappWorker(SimpleWorker):
    """An RQ worker that knows whether it stops because it was told to."""

    was_told_to_stop = False

    def request_stop(self, *args: Any) -> None:
        self.was_told_to_stop = True
        super().request_stop(*args)


def main() -> None:
    os.nice(_GIVING_WAY)  # people who wait for an answer come first
    app = create_app()
    lane = outside.open_lane(app)
    with app.app_context():
        while not _work():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            time.sleep(_PAUSE_SECONDS)
    lane.end()


def _work() -> bool:
    """Work until told to stop: True. False once Redis has gone: RQ gives up, but platforms restart only so often."""
    worker = None
    try:
        worker = _worker()
        worker.work(logging_level="WARNING")
    except RedisError as error:
        log.warning("worker.redis_unreachable", error=str(error))
    return worker is not None and worker.was_told_to_stop


def _worker() -> ChatappWorker:
    config = current_app.extensions["chatapp.config"]
    # RQ blocks for longer than the five seconds that redis-py would wait by default.
    connection = Redis.from_url(config.redis_url, socket_connect_timeout=5, socket_timeout=None)
    return ChatappWorker(
        [queue.jobs(connection)],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=_WORKER_TTL,
        job_monitoring_interval=_MAINTENANCE_SECONDS,
        maintenance_interval=_MAINTENANCE_SECONDS,
    )


if __name__ == "__main__":
    main()
