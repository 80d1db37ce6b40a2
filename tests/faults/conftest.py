"""One stage for all faults, and a load on it that ends with the checker's verdict.

`bin/faults` runs them; on a machine of its own: `FAULT_RATE=200 FAULT_SECONDS=60 bin/faults`. A table ends the run.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.support import checker, figures
from tests.support.figures import Figures
from tests.support.stage import Performance, Stage, stage

SECONDS = float(os.environ.get("FAULT_SECONDS", "12"))
RATE = float(os.environ.get("FAULT_RATE", "50"))


class Run:
    """A load under which a test does its worst. `figures` are there once the block has ended."""

    figures: Figures

    def __init__(self, performance: Performance, on: Stage) -> None:
        self.performance = performance
        self._stage = on
        self.history = performance.history

    def blows(self, *, every: float) -> Iterator[int]:
        """The moments to strike at, counted from 0; the last one leaves time to show its effect."""
        end = self.performance.began + SECONDS
        number = 0
        while (moment := self.performance.began + 1 + number * every) < end - 1:
            time.sleep(max(0.0, moment - time.monotonic()))
            self.performance.blows.append(time.monotonic())
            yield number
            number += 1
        self.rest()

    def rest(self) -> None:
        """Let the load go on to its end."""
        time.sleep(max(0.0, self.performance.began + SECONDS - time.monotonic()))

    def within(self, bar: float) -> float:
        """A bound of time for a bar of `guarantees.md`: generous, for other tests run beside this one."""
        return 3 * bar * self._stage.slowness

    def serves_again(self) -> None:
        """What was killed takes requests again, as of now."""
        self.performance.served_again.append(time.monotonic())


RunFixture = Callable[..., AbstractContextManager[Run]]


@pytest.fixture(scope="session")
def the_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("stage")) as running:
        yield running


@pytest.fixture
def run(the_stage: Stage, tmp_path: Path, request: pytest.FixtureRequest) -> RunFixture:
    """`with run("what is done") as load:` the block does it; at its end nothing may be lost, doubled or missing."""

    @contextmanager
    def perform(name: str, *, rate: float = RATE, **plan: float) -> Iterator[Run]:
        with the_stage.load(tmp_path, rate=rate, **plan) as performance:
            running = Run(performance, the_stage)
            yield running
        running.history = performance.history
        faults = checker.faults(performance.history, performance.record)
        running.figures = Figures(performance, faults)
        figures.record(request, name, running.figures)
        assert faults.found == {}
        assert running.figures.acked > rate * SECONDS / 10

    return perform
