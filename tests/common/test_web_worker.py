"""Leaving: connections that ask for nothing are closed, those that are being answered are not."""

from types import SimpleNamespace

import gevent
import pytest
from gevent.event import Event

from chatapp.common.web_worker import IDLE_SECONDS, WebWorker


@pytest.fixture
def worker():
    made = WebWorker.__new__(WebWorker)
    made._idle_since = {}
    made.cfg = SimpleNamespace(keepalive=75)
    return made


class Handler:
    """One kept connection: waits for a request, then answers it."""

    def __init__(self, worker: WebWorker) -> None:
        self.worker = worker
        self.request = Event()
        self.has_answered = False
        self.greenlet = gevent.spawn(self._run)
        gevent.sleep(0)
        worker._idle_since[self.greenlet] -= 2 * IDLE_SECONDS

    def _run(self) -> None:
        try:
            with self.worker.timeout_ctx():
                self.request.wait()
            gevent.sleep(0.01)
            self.has_answered = True
        except StopIteration:
            pass


def test_a_connection_that_asks_for_nothing_is_closed(worker):
    handler = Handler(worker)

    worker.close_idle()

    handler.greenlet.join(timeout=1)
    assert handler.greenlet.dead
    assert not handler.has_answered


def test_a_request_that_comes_at_the_last_moment_is_answered(worker):
    handler = Handler(worker)

    handler.request.set()
    worker.close_idle()

    handler.greenlet.join(timeout=1)
    assert handler.has_answered
