"""The whole product for fault tests: durable Postgres, forgetful Redis, two web workers, worker and clock of its own.

Nothing here is shared with the rest of the suite, because everything here gets killed. What dies is started again by
the supervisor, as a platform would.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import psutil
import psycopg

from chatapp.common.embedded import postgres, redis, resolve
from chatapp.common.embedded.processes import read_pid
from chatapp.common.embedded.supervisor import Supervisor
from chatapp.demo import ACME_KEY, PASSWORD
from chatapp.development import processes
from chatapp.development.settings import ROOT
from tests.support.checker import Record, Stored
from tests.support.configuration import environment
from tests.support.history import History
from tests.support.web import free_port

T = TypeVar("T")

WEB_WORKERS = 2
_ACCOUNTS = [f"{name}@acme.example" for name in ("owner", "admin", "agent", "agent2")]
_DEADLINE = 90.0
_QUIET_BOOT_SECONDS = 3.0
_MESSAGES = """
    SELECT message.conversation_id::text, seq, client_id::text, end_user_id::text, author_type, kind
    FROM message JOIN conversation ON conversation.id = conversation_id WHERE conversation_id = ANY(%s::uuid[])
"""
_CONVERSATIONS = """
    SELECT conversation.id::text, last_seq, end_user.id::text, message_count
    FROM conversation JOIN end_user ON end_user.id = end_user_id WHERE conversation.id = ANY(%s::uuid[])
"""
_DELIVERIES = "SELECT state, count(*) FROM outbox_delivery GROUP BY state"


@dataclass
class Performance:
    """One run of the load: what was done to the stage and when, and what the clients recorded meanwhile."""

    rate: float
    began: float
    blows: list[float] = field(default_factory=list)  # when something was killed
    served_again: list[float] = field(default_factory=list)  # when what was killed took requests again
    ended: float = 0.0
    effects_seconds: float = 0.0  # from the last message to the last effect of the later lane
    history: History = field(default_factory=History)
    record: Record = field(default_factory=Record)


@dataclass
class Stage:
    supervisor: Supervisor
    postgres: postgres.PostgresServer
    redis: redis.RedisServer
    variables: dict[str, str]
    boot_seconds: float  # how long the web took to serve: a measure of how much of the machine is ours
    web: str = "web"  # the name of the web that the clients are led to
    is_over: threading.Event = field(default_factory=threading.Event)
    _changing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def slowness(self) -> float:
        """1 on a machine of our own, more on one that others use too: what bounds of time are stretched by."""
        return max(1.0, self.boot_seconds / _QUIET_BOOT_SECONDS, os.getloadavg()[0] / (os.cpu_count() or 1))

    @property
    def url(self) -> str:
        return f"http://{self.variables['CHATAPP_BIND']}"

    def keep_running(self) -> None:
        """Start again what dies, until it is over."""
        while not self.is_over.wait(0.1):
            with self._changing:
                self.supervisor.watch()

    def deploy(self) -> float:
        """As platforms do: start a new web, lead new connections there, end the old one. Answers how long it took."""
        old, number = self.web, self.web.partition("-")[2]
        self.web = f"web-{int(number or 0) + 1}"
        self.variables["CHATAPP_BIND"] = f"127.0.0.1:{free_port()}"
        program, *_ = processes.application(self.variables)
        is_ready = partial(processes.is_ready, f"{self.url}/readyz")
        with self._changing:
            self.supervisor.launch(replace(program, name=self.web, is_ready=is_ready))
            child = next(child for child in self.supervisor.children if child.program.name == old)
            for batch in self.supervisor.batches:
                if child in batch:
                    batch.remove(child)
        self.lead_clients_here()
        began = time.monotonic()
        child.ask_to_stop()
        child.wait(_DEADLINE)
        child.bury()
        return time.monotonic() - began

    def lead_clients_here(self) -> None:
        """The load's router looks here for the address of new connections."""
        unfinished = self.router.with_suffix(".unfinished")
        unfinished.write_text(self.url)
        unfinished.replace(self.router)

    @property
    def router(self) -> Path:
        return self.supervisor.folder / "router"

    def process(self, name: str) -> psutil.Process:
        """Of `postgres`, `redis`, `worker`, `clock` or gunicorn's master (`stage.web`); waits until there is one."""
        process_id = wait_for(lambda: read_pid(self.supervisor.folder / "run" / f"{name}.pid"), f"{name} to run")
        return psutil.Process(process_id)

    def web_workers(self) -> list[psutil.Process]:
        """gunicorn's workers, oldest first; waits until all are there."""

        def workers() -> list[psutil.Process]:
            with suppress(psutil.Error):
                found = self.process(self.web).children()
                return found if len(found) >= WEB_WORKERS else []
            return []

        return sorted(wait_for(workers, "the web workers"), key=lambda worker: worker.create_time())

    def kill_with_children(self, name: str) -> None:
        """kill -9 of a process and of everything it has started, all in one moment."""
        victim = self.process(name)
        for process in (victim, *victim.children(recursive=True)):
            kill(process)

    def wait_until_ready(self) -> None:
        wait_for(self.postgres.is_ready, "Postgres")
        wait_for(self.redis.is_ready, "Redis")
        wait_for(lambda: processes.is_ready(f"{self.url}/readyz"), "the web")

    @contextmanager
    def load(self, folder: Path, *, rate: float, **plan: float) -> Iterator[Performance]:
        """Clients at work while the block runs. Afterwards the performance holds what they and the database say."""
        self.lead_clients_here()
        plan_file, history_file = folder / "plan.json", folder / "history.json"
        plan_file.write_text(json.dumps(self._plan(rate) | plan))
        command = [sys.executable, "-m", "tests.support.load", str(plan_file), str(history_file)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
            assert crowd.stdin
            assert crowd.stdout
            try:
                assert crowd.stdout.readline() == "ready\n", "The load did not begin"
                performance = Performance(rate, began=time.monotonic())
                yield performance
                self.wait_until_ready()
                performance.ended = time.monotonic()
                crowd.stdin.close()
                assert crowd.wait(240) == 0, "The load failed"
            finally:
                crowd.kill()
        performance.history = History.read(history_file)
        performance.effects_seconds = self._wait_for_effects()
        performance.record = self.record(sorted({sent.conversation or "" for sent in performance.history.acked}))

    def record(self, conversations: list[str]) -> Record:
        """What the database holds of these conversations, and of every delivery."""
        with psycopg.connect(self.postgres.url("chatapp"), autocommit=True) as connection:
            record = Record(deliveries=Counter(dict(connection.execute(_DELIVERIES).fetchall())))
            for row in connection.execute(_MESSAGES, (conversations,)):
                record.messages.append(Stored(*row))
            for conversation, last_seq, contact, count in connection.execute(_CONVERSATIONS, (conversations,)):
                record.last_seq[conversation], record.counted[contact] = last_seq, count
        return record

    def _wait_for_effects(self) -> float:
        """How long the later lane takes to be done with everything."""
        began = time.monotonic()
        with psycopg.connect(self.postgres.url("chatapp"), autocommit=True) as connection:
            pending = "SELECT count(*) FROM outbox_delivery WHERE state = 'pending'"
            with suppress(AssertionError):
                wait_for(lambda: connection.execute(pending).fetchone() == (0,), "the effects", seconds=90)
        return time.monotonic() - began

    def _plan(self, rate: float) -> dict[str, object]:
        people = max(8, round(rate / 2))
        return {
            "url": self.url,
            "router": str(self.router),
            "key": ACME_KEY,
            "root": "/w/acme",
            "accounts": _ACCOUNTS,
            "password": PASSWORD,
            "rate": rate,
            "visitors": people,
            "agents": people // 3,
            "phones": people // 3,
        }


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """The product, running, with its demo data."""
    port = free_port()
    with Supervisor(folder) as supervisor:
        cluster = postgres.find(folder / "postgres", folder / "run")
        cache = redis.find(folder / "redis", folder / "run", options=redis.IN_MEMORY)
        supervisor.launch(cluster.run(), cache.run())
        cluster.create_database("chatapp")
        variables = environment(
            database_url=cluster.url("chatapp"),
            redis_url=cache.url(),
            redis_prefix="faults",
            public_url=f"http://127.0.0.1:{port}",
        )
        variables |= {
            "CHATAPP_BIND": f"127.0.0.1:{port}",
            "WEB_CONCURRENCY": str(WEB_WORKERS),
            "RATE_LIMITS": "off",
        }
        supervisor.complete(processes.prepare(variables, with_demo=True))
        began = time.monotonic()
        supervisor.launch(*processes.application(variables))
        running = Stage(supervisor, cluster, cache, variables, boot_seconds=time.monotonic() - began)
        watcher = threading.Thread(target=running.keep_running, daemon=True)
        watcher.start()
        try:
            yield running
        finally:
            running.is_over.set()
            watcher.join()
    resolve.erase(folder)


def kill(process: psutil.Process) -> None:
    """kill -9; one that is gone already is as dead as wanted."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGKILL)


def wait_for(look: Callable[[], T], what: str, *, seconds: float = _DEADLINE) -> T:
    """The first answer that is not empty. AssertionError when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"Waited {seconds:.0f} s for {what}"
        time.sleep(0.05)
    return found
