"""The worker as a process: it ends when it is told to, at work or not."""

import os
import signal
import subprocess
import sys
import time

from redis import Redis
from rq import Worker

from chatapp.development.settings import ROOT
from tests.support.configuration import environment


def test_an_idle_worker_ends_when_told_to(engines):
    where = environment(
        database_url=engines.make_database("worker"),
        redis_url=engines.redis_url(0),
        redis_prefix=engines.prefix("worker"),
    )
    command = [sys.executable, "-m", "chatapp.jobs.worker"]
    with Redis.from_url(where["REDIS_URL"]) as redis, subprocess.Popen(command, cwd=ROOT, env=os.environ | where) as it:
        try:
            while not any(worker.pid == it.pid and worker.get_state() == "idle" for worker in Worker.all(redis)):
                assert it.poll() is None
                time.sleep(0.05)

            it.send_signal(signal.SIGTERM)

            assert it.wait(15) == 0
        finally:
            it.kill()
