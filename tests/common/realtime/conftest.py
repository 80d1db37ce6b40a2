"""Web processes and the sockets that talk to them; all are closed after the test."""

from contextlib import ExitStack, closing

import pytest

from tests.support.raw_socket import RawSocket
from tests.support.web import web


@pytest.fixture(scope="package")
def alone(tmp_path_factory):
    """One web process without Redis, shared by the tests that leave no trace in it."""
    with web(tmp_path_factory.mktemp("alone"), TEST_BEAT_SECONDS="0.5") as process:
        yield process


@pytest.fixture
def web_process(tmp_path):
    """Starts web processes: `web_process(REDIS_URL=…)`."""
    with ExitStack() as stack:
        yield lambda **environment: stack.enter_context(web(tmp_path, **environment))


@pytest.fixture
def connect():
    """Opens sockets: `connect(web, "/live/1")`."""
    with ExitStack() as stack:
        yield lambda web, path, **options: stack.enter_context(closing(RawSocket(web.port, path, **options)))


@pytest.fixture
def listen(connect):
    """Opens greeted sockets: `listen(web, 1)` listens to topic 1."""

    def open_greeted(web, number, **options):
        client = connect(web, f"/live/{number}", **options)
        assert client.read_until(1) == ["hello"]
        return client

    return open_greeted
