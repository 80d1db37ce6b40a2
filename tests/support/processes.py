"""What a test has others do: processes of their own, each with its own application on the test's database."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from typing import Any

from flask import Flask

from chatapp.config import Config
from tests.support.application import opened

# Not forked from here, for they would share this process's connections, but from a process that has loaded the
# application and nothing else: loading it again for each of them costs two seconds.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.support.application"])
PATIENCE = 60


@contextmanager
def at_work(app: Flask, times: int, deed: Callable[..., None], *args: Any) -> Iterator[list[ForkServerProcess]]:
    """So many processes that call `deed(app, number, *args)` together, once each of them is ready; `number` counts
    from 0. The block may kill them; at its end whoever still lives is waited for, and killed when that takes too long.
    """
    ready = _CONTEXT.Barrier(times + 1)
    config = app.extensions["chatapp.config"]
    started = [
        _CONTEXT.Process(target=_run, args=(config, ready, deed, number, args), daemon=True) for number in range(times)
    ]
    for one in started:
        one.start()
    try:
        ready.wait(PATIENCE)
        yield started
        for one in started:
            one.join(PATIENCE)
    finally:
        for one in started:
            one.kill()
            one.join()


def _run(config: Config, ready: Any, deed: Callable[..., None], number: int, args: tuple[Any, ...]) -> None:
    with opened(config) as app:
        ready.wait(PATIENCE)
        deed(app, number, *args)
