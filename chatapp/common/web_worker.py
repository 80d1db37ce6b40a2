"""gunicorn's gevent worker, except that it does not wait for browsers that say nothing.

A browser keeps its connection open between requests. The stock worker counts such a connection as a request in
progress and takes the whole grace period to stop; this one closes it, as the protocol allows.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker

IDLE_SECONDS = 1.0


class WebWorker(GeventWorker):
    """Named by gunicorn.conf.py."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._idle_since: dict[gevent.Greenlet, float] = {}

    @contextmanager
    def timeout_ctx(self) -> Iterator[None]:
        """gunicorn waits inside this for a connection's next request."""
        handler = gevent.getcurrent()
        with gevent.Timeout(self.cfg.keepalive, False):
            self._idle_since[handler] = time.monotonic()
            try:
                yield
            finally:
                del self._idle_since[handler]

    def close_idle(self) -> None:
        """Close the connections that ask for nothing; StopIteration is how gunicorn ends one quietly."""
        long_ago = time.monotonic() - IDLE_SECONDS
        for handler, since in tuple(self._idle_since.items()):
            if since <= long_ago:
                gevent.get_hub().loop.run_callback(self._close, handler)

    def _close(self, handler: gevent.Greenlet) -> None:
        """In the event loop, at once: a handler that is killed a moment later may be in the middle of a request."""
        if handler in self._idle_since:
            handler.throw(StopIteration)
