"""The lane of what waits for machines of others: a few threads of the worker, so that a service that does not answer
keeps no letter, no number and no other workspace waiting.

Each workspace is worked off by one thread at a time; who sends slow addresses slows down themselves. A process that has
begun no lane, such as a test, does it all one after another.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from uuid import UUID

import structlog
from flask import Flask, current_app

log = structlog.get_logger()

MOST = 4
_EXTENSION = "chatapp.outside_lane"

Work = Callable[[UUID], None]


class Lane:
    """The threads, and whose work they are at."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(MOST, thread_name_prefix="outside")
        self._busy: set[UUID] = set()
        self._lock = Lock()
        self.is_over = Event()

    def begin(self, work: Work, workspace_id: UUID) -> None:
        """Unless it is under way: whatever came meanwhile is taken along, or rung for again by the clock."""
        with self._lock:
            if workspace_id in self._busy:
                return
            self._busy.add(workspace_id)
        self._threads.submit(self._run, work, workspace_id)

    def _run(self, work: Work, workspace_id: UUID) -> None:
        try:
            with self._app.app_context():
                work(workspace_id)
        except Exception:
            log.exception("outside.failed", workspace=str(workspace_id))
        finally:
            with self._lock:
                self._busy.discard(workspace_id)

    def end(self) -> None:
        """Finish what is at hand, and nothing more."""
        self.is_over.set()
        self._threads.shutdown(cancel_futures=True)


def open_lane(app: Flask) -> Lane:
    """From here on this process has one."""
    lane = app.extensions[_EXTENSION] = Lane(app)
    return lane


def work_off(work: Work, workspace_id: UUID) -> None:
    """In the lane, or at once where there is none."""
    lane: Lane | None = current_app.extensions.get(_EXTENSION)
    if lane is None:
        work(workspace_id)
    else:
        lane.begin(work, workspace_id)


def is_over() -> bool:
    """Whether this process is about to end."""
    lane: Lane | None = current_app.extensions.get(_EXTENSION)
    return lane is not None and lane.is_over.is_set()
