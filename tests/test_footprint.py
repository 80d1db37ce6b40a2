"""One web process and one worker fit a small machine."""

import sys
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.factories import make_company
from tests.support.live import LiveServer

SMALL_MACHINE = 512 * 1024 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own account of shared memory is Linux's")
def test_web_and_worker_run_in_512_mb(live_server: LiveServer) -> None:
    make_company(live_server.app)
    for path in ("/", "/login", "/widget.js", "/readyz"):
        with urllib.request.urlopen(live_server.url + path) as answer:
            assert answer.status == 200
    used = sum(_memory(live_server.process_id(name)) for name in ("web", "worker"))
    assert used < SMALL_MACHINE, f"{used / 1024 / 1024:.0f} MB"


def _memory(process_id: int) -> int:
    """Bytes that a process and its children hold, what they share counted once."""
    process = psutil.Process(process_id)
    return sum(_proportional(one.pid) for one in (process, *process.children(recursive=True)))


def _proportional(process_id: int) -> int:
    lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
