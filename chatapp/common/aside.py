"""Work that keeps a core busy, in the hub's thread pool: sockets must not wait for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import gevent
from gevent import monkey
from gevent.lock import BoundedSemaphore

Result = TypeVar("Result")

_at_once = BoundedSemaphore(2)


def aside(work: Callable[[], Result]) -> Result:
    """The result of work that lets go of the interpreter, at most two at once in a process. In a process without a hub,
    such as the worker, it is done on the spot."""
    if not monkey.is_module_patched("threading"):
        return work()
    with _at_once:
        result: Result = gevent.get_hub().threadpool.apply(work)
    return result
