"""Leaving without hurting anybody: what a web process does between SIGTERM and its end.

Readiness turns false, every socket is closed with 1012 so that its client comes back to another process, waiting
requests answer, and what is being handled is finished.
"""

import time
from typing import TYPE_CHECKING

import gevent
import structlog

from chatapp.common.realtime.hub import hub

if TYPE_CHECKING:
    from chatapp.common.web_worker import WebWorker

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 0.1
LAST_SECONDS = 3.0


def is_draining() -> bool:
    """Whether this process is about to end: /readyz answers 503."""
    return hub.is_draining


def begin() -> None:
    """Stop taking sockets and close those that are open. A second call does nothing."""
    if not hub.is_draining:
        log.info("drain_began", connections=len(hub.connections))
        hub.drain()


def watch(worker: "WebWorker") -> None:
    """Begin as soon as this gunicorn worker is told to stop."""
    gevent.spawn(_follow, worker)


def finish(within: float = LAST_SECONDS) -> None:
    """Wait until the sockets have said goodbye; gunicorn itself only waits for requests."""
    begin()
    deadline = time.monotonic() + within
    while hub.connections and time.monotonic() < deadline:
        gevent.sleep(LOOK_EVERY_SECONDS)
    log.info("drain_finished", connections=len(hub.connections))


def _follow(worker: "WebWorker") -> None:
    while worker.alive:
        gevent.sleep(LOOK_EVERY_SECONDS)
    begin()
    while True:
        worker.close_idle()
        gevent.sleep(LOOK_EVERY_SECONDS)
