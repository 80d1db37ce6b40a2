"""kill -9 of the product's own processes under load: clients notice a pause, and nothing else."""

import random

import pytest

from tests.support.stage import kill

pytestmark = pytest.mark.fault


def test_killing_web_workers_loses_nothing(the_stage, run):
    with run("kill -9 a web worker") as load:
        for _ in load.blows(every=3):
            kill(random.choice(the_stage.web_workers()))

    assert load.figures.silence < load.within(2)


def test_killing_the_worker_and_the_clock_loses_no_effect(the_stage, run):
    with run("kill -9 worker, clock") as load:
        for number in load.blows(every=3):
            kill(the_stage.process("worker" if number % 2 else "clock"))

    assert load.performance.effects_seconds < load.within(30)
    assert load.figures.silence < load.within(2)
