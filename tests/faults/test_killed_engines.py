"""kill -9 of what the product stands on. Redis comes back empty, Postgres with everything that was committed."""

import time

import pytest

from tests.support.stage import kill, wait_for

pytestmark = pytest.mark.fault

DOWN_SECONDS = 2


def test_losing_redis_delays_nobody(the_stage, run):
    worker = the_stage.process("worker")
    with run("kill -9 Redis, empty restart") as load:
        for number in load.blows(every=4):
            (kill_once, keep_down, freeze)[number % 3](the_stage)
            wait_for(the_stage.redis.is_ready, "Redis")

    assert load.figures.silence < load.within(1)
    assert the_stage.process("worker") == worker, "The worker has to outlive Redis"
    assert load.figures.seen_seconds[-1] < load.within(25)
    assert load.performance.effects_seconds < load.within(30)


def test_killing_postgres_loses_nothing_that_was_acknowledged(the_stage, run):
    clock = the_stage.process("clock")
    with run("kill -9 Postgres") as load:
        for number in load.blows(every=5):
            if number % 2 == 0:
                the_stage.kill_with_children("postgres")
            else:
                kill(the_stage.process("postgres").children()[-1])  # a backend: Postgres restarts all of them
            time.sleep(0.2)
            wait_for(the_stage.postgres.is_ready, "Postgres")
            load.serves_again()

    assert the_stage.process("clock") == clock, "The clock has to outlive Postgres"
    assert load.figures.recovery < load.within(5)


def kill_once(the_stage):
    kill(the_stage.process("redis"))


def keep_down(the_stage):
    """For a while, whatever the supervisor starts in its place dies too."""
    deadline = time.monotonic() + DOWN_SECONDS
    while time.monotonic() < deadline:
        kill_once(the_stage)
        time.sleep(0.1)


def freeze(the_stage):
    """It takes connections and says nothing; then it dies."""
    the_stage.process("redis").suspend()
    time.sleep(DOWN_SECONDS)
    kill_once(the_stage)
