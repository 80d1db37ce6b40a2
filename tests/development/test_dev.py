"""`bin/dev` from its first line to its last: what it promises in the contract."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatapp.common.embedded.processes import is_alive, read_pid
from chatapp.development.settings import ROOT

pytestmark = pytest.mark.live
CHILDREN = {"postgres", "redis", "web", "worker", "clock"}


@dataclass
class Dev:
    """A `bin/dev` that has said `ready`."""

    process: subprocess.Popen[str]
    folder: Path
    url: str
    said: list[str]

    def process_ids(self) -> dict[str, int]:
        found = {file.stem: read_pid(file) for file in (self.folder / "run").glob("*.pid")}
        return {name: process_id for name, process_id in found.items() if process_id is not None}

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


@pytest.fixture
def dev(tmp_path: Path) -> Iterator[Dev]:
    port = _free_port()
    process = _start(tmp_path, port)
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line.strip())
        if line.startswith("Logs are in"):
            break
    yield Dev(process, tmp_path, f"http://127.0.0.1:{port}", said)
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=60)


def test_it_serves_restarts_what_dies_and_leaves_nothing_behind(dev: Dev) -> None:
    assert f"ready: {dev.url}" in dev.said
    assert any("owner@acme.example" in line for line in dev.said)
    assert (dev.status("/readyz"), dev.status("/login")) == (200, 200)
    before = dev.process_ids()
    assert set(before) == CHILDREN

    for name in CHILDREN:
        os.kill(before[name], signal.SIGKILL)
    _eventually(
        lambda: set(dev.process_ids()) == CHILDREN and not set(dev.process_ids().values()) & set(before.values())
    )
    _eventually(lambda: dev.status("/readyz") == 200)

    last = dev.process_ids()
    dev.process.send_signal(signal.SIGTERM)
    assert dev.process.wait(60) == 0
    assert not any(is_alive(process_id) for process_id in last.values())
    assert dev.process_ids() == {}
    assert not (dev.folder / "run" / "env").exists()


def test_a_folder_that_another_one_uses_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with (tmp_path / "run" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "in use by another bin/dev" in _refusal(tmp_path, _free_port())


def test_a_port_that_somebody_uses_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} is in use" in _refusal(tmp_path, port)


def _refusal(folder: Path, port: int) -> str:
    process = _start(folder, port, stderr=subprocess.PIPE)
    _said, error = process.communicate(timeout=60)
    assert process.returncode == 1
    return error


def _start(folder: Path, port: int, **options: int) -> subprocess.Popen[str]:
    ours = {"PORT": str(port), "CHATAPP_VAR": str(folder), "PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    command = [sys.executable, "-m", "chatapp.development"]
    return subprocess.Popen(command, cwd=ROOT, env=ours, stdout=subprocess.PIPE, text=True, **options)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _eventually(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within a minute"
        time.sleep(0.1)
