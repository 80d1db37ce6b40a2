"""Deploys under load: no request fails, every socket is asked to come back, and comes back."""

import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event

import pytest

from tests.support.raw_socket import RawSocket
from tests.support.redis_server import RedisServer
from tests.support.web import web

pytestmark = pytest.mark.fault

DEPLOYS = 3
SOCKETS = 40
REQUESTERS = 4
BACK_SECONDS = 6
PATIENCE_SECONDS = 25
TRIES = 3


@pytest.fixture
def process(tmp_path):
    """Two workers that hear each other."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = RedisServer(Path(folder))
        stack.callback(server.kill)
        yield stack.enter_context(web(tmp_path, WEB_CONCURRENCY="2", REDIS_URL=server.url))


def test_deploys_under_load_hurt_nobody(process):
    over = Event()
    with ThreadPoolExecutor() as pool:
        requesters = [pool.submit(ask_until, over, process) for _ in range(REQUESTERS)]
        try:
            seconds = [deploy(process) for _ in range(DEPLOYS)]
        finally:
            over.set()

        # Of the least disturbed one: a busy machine says nothing about us.
        assert min(seconds) < BACK_SECONDS, seconds
        assert sum(requester.result() for requester in requesters) > DEPLOYS * REQUESTERS


def ask_until(over: Event, process) -> int:
    """Ask again and again; any failure raises."""
    answers = 0
    while not over.is_set():
        process.get("/slow?seconds=0.05")
        answers += 1
    return answers


def deploy(process) -> float:
    """New workers take over; the sockets of the old ones move to them. How long that took, in seconds."""
    with ExitStack() as stack:
        clients = [stack.enter_context(closing(connect(process))) for _ in range(SOCKETS)]
        began = time.monotonic()

        process.signal(signal.SIGHUP)

        assert {client.read_to_end(PATIENCE_SECONDS) for client in clients} == {1012}
        back = [stack.enter_context(closing(connect(process))) for _ in clients]
        seconds = time.monotonic() - began
        deaf = back
        for _ in range(TRIES):  # an old process may take the order to publish and end; a hint may be lost
            process.post("/publish/1", ["after the deploy"])
            unheard = [client for client in deaf if not hears(client, "after the deploy")]
            deaf = [stack.enter_context(closing(still_here(process, client))) for client in unheard]
        assert deaf == []
        return seconds


def still_here(process, client: RawSocket) -> RawSocket:
    """The same socket or, where an old worker heard of its end only after it took it, the next one."""
    if not client.is_ended:
        return client
    assert client.close_code == 1012
    return connect(process)


def hears(client: RawSocket, text: str) -> bool:
    """Whether it comes after the greeting, or the word to fetch: a process that meets the others late says `resync`."""
    return any(told == text or "resync" in told for told in client.read_until(2, seconds=3))


def connect(process) -> RawSocket:
    """What a client does, without the jitter: a process that drains refuses, so it asks again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        client = RawSocket(process.port, "/live/1")
        if "101 Switching" in client.head:
            return client
        client.close()
    raise AssertionError("No process took the socket")
