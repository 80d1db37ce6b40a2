"""Real web processes for tests: gunicorn on a free loopback port."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
START_SECONDS = 20


class Web:
    """One gunicorn with one worker."""

    def __init__(self, program: list[str], port: int, environment: dict[str, str], log: Path) -> None:
        self.port = port
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                program, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=output, start_new_session=True
            )

    def get(self, path: str) -> Any:
        """The JSON answered to a GET."""
        return self._ask(Request(self._url(path)))

    def post(self, path: str, body: object = None) -> Any:
        """The JSON answered to a POST of JSON."""
        headers = {"Content-Type": "application/json"}
        return self._ask(Request(self._url(path), json.dumps(body).encode(), headers, method="POST"))

    def wait_until(self, path: str = "/stats", seconds: float = START_SECONDS, **expected: object) -> Any:
        """Ask until the answer has the expected values."""
        deadline = time.monotonic() + seconds
        answer: Any = None
        while time.monotonic() < deadline:
            try:
                answer = self.get(path)
                if expected.items() <= answer.items():
                    return answer
            except (URLError, ConnectionError):
                assert self._process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        raise AssertionError(f"{path} never had {expected}: {answer}\n{self.log.read_text()[-4000:]}")

    def terminate(self) -> None:
        """SIGTERM, as a deploy sends it."""
        self.signal(signal.SIGTERM)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to gunicorn's master."""
        self._process.send_signal(number)

    def seconds_until_gone(self, most: float) -> float:
        """How long it takes to end; TimeoutExpired when it takes longer than `most`."""
        began = time.monotonic()
        self._process.wait(most)
        return time.monotonic() - began

    def kill(self) -> None:
        """End it with everything it started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _ask(self, request: Request) -> Any:
        with urlopen(request, timeout=60) as response:
            return json.load(response)


@contextmanager
def web(folder: Path, app: str = "tests.support.realtime_app:app", *options: str, **environment: str) -> Iterator[Web]:
    """A web process that answers."""
    port = free_port()
    program = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", *options]
    environment = {"WEB_CONCURRENCY": "1", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"} | environment
    process = Web(program, port, environment, folder / f"web-{port}.log")
    try:
        process.wait_until()
        yield process
    finally:
        process.kill()


def free_port() -> int:
    """A loopback port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
