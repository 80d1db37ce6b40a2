"""A real server for tests that need one: gunicorn, worker and clock on a free port, with a database of their own."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from chatapp.common.embedded.processes import read_pid
from chatapp.common.embedded.supervisor import Supervisor
from chatapp.common.realtime import broadcast
from chatapp.config import Config
from chatapp.development import processes
from tests.support import oidc_provider
from tests.support.application import Cleaner, opened
from tests.support.configuration import environment
from tests.support.engines import FOLDER, TestEngines
from tests.support.oidc_provider import ProviderServer
from tests.support.sign_in import setting
from tests.support.smtp_server import MailServer, mail_server


@dataclass(frozen=True)
class LiveServer:
    """`app` works on the same database, so that a test can prepare data and look at what became of it.

    `other_url` leads to the same server under another site, as a customer's page would be. What dies is started
    again within moments; `process_id` names what a test may kill. `provider` is one that people may sign in with, and
    `mail` is where the letters go.
    """

    url: str
    other_url: str
    app: Flask
    supervisor: Supervisor
    provider: ProviderServer
    mail: MailServer

    def process_id(self, name: str) -> int:
        """Of `web` (gunicorn's master), `worker` or `clock`."""
        process_id = read_pid(self.supervisor.folder / "run" / f"{name}.pid")
        assert process_id is not None, f"{name} does not run"
        return process_id


@pytest.fixture(scope="session")
def _running(engines: TestEngines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveServer, Cleaner]]:
    with (
        oidc_provider.oidc_provider() as provider,
        mail_server(tmp_path_factory.mktemp("mail")) as mail,
        Supervisor(_folder(engines)) as supervisor,
    ):
        port, other_port = _free_ports(2)
        variables = environment(
            database_url=engines.make_database("live"),
            redis_url=engines.redis_url(1),
            redis_prefix=engines.prefix("live"),
            public_url=f"http://127.0.0.1:{port}",
        )
        variables["CHATAPP_BIND"] = f"127.0.0.1:{port},127.0.0.1:{other_port}"
        variables["OIDC_PROVIDERS"], variables["SMTP_URL"] = setting(provider), mail.url
        config = Config.from_env(variables)
        cleaner = Cleaner(variables["DATABASE_URL"], config.redis_url)
        supervisor.stop_what_was_left_behind()
        supervisor.launch(*processes.application(variables))
        with opened(config) as app, _watched(supervisor):
            other_url = f"http://localhost:{other_port}"
            yield LiveServer(config.public_url, other_url, app, supervisor, provider, mail), cleaner
        cleaner.close()


def _folder(engines: TestEngines) -> Path:
    """Beside the engines, so that the processes of a run that was killed are found and stopped: they would take jobs
    from these."""
    folder = Path(os.environ[FOLDER]) / f"live-{engines.worker}"
    shutil.rmtree(folder / "log", ignore_errors=True)
    return folder


@pytest.fixture
def live_server(_running: tuple[LiveServer, Cleaner], engines: TestEngines) -> Iterator[LiveServer]:
    """The server with empty tables. While the test lasts, what this process publishes reaches that server."""
    server, cleaner = _running
    cleaner.clean()
    server.mail.clear()
    _publish_as(engines, "live", number=1)
    yield server
    _publish_as(engines, "app", number=0)


@contextmanager
def _watched(supervisor: Supervisor) -> Iterator[None]:
    """Start again what dies, until the block ends."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            supervisor.watch()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    yield
    over.set()
    watcher.join()


def _publish_as(engines: TestEngines, purpose: str, *, number: int) -> None:
    broadcast.configure(redis_url=engines.redis_url(number), prefix=f"{engines.prefix(purpose)}:")


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
