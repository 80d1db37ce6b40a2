"""The job worker: `python -m chatapp.jobs.worker`. Forks for each job; never monkey-patched."""

from __future__ import annotations

from typing import Any

from flask import current_app
from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer

from chatapp.app import create_app
from chatapp.common import queue
from chatapp.common.db import db

_WORKER_TTL = 30
_MAINTENANCE_SECONDS = 5


class ChatappWorker(Worker):
    """An RQ worker whose children leave the parent's database connections alone."""

    def main_work_horse(self, *args: Any, **kwargs: Any) -> None:
        db.engine.dispose(close=False)
        super().main_work_horse(*args, **kwargs)


def main() -> None:
    app = create_app()
    with app.app_context():
        config = current_app.extensions["chatapp.config"]
        # RQ blocks for longer than the five seconds that redis-py would wait by default.
        connection = Redis.from_url(config.redis_url, socket_connect_timeout=5, socket_timeout=None)
        worker = ChatappWorker(
            [queue.jobs(connection)],
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=_WORKER_TTL,
            job_monitoring_interval=_MAINTENANCE_SECONDS,
            maintenance_interval=_MAINTENANCE_SECONDS,
        )
        worker.work(logging_level="WARNING")


if __name__ == "__main__":
    main()
