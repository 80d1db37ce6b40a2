"""What an idle socket costs: a watcher in the event loop, no greenlet and no request."""

import resource
import time
from pathlib import Path

import pytest

SOCKETS = 1_000
MOST_KIB_EACH = 16  # measured: 1.7 before the first message, 3.4 after it; with a greenlet each it would be over 40


@pytest.fixture
def many_files():
    """Room for the clients' ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="counts memory as Linux does")
def test_a_thousand_idle_sockets_cost_little(web_process, listen, many_files):
    process = web_process()
    for _ in range(50):
        listen(process, 1).close()
    pid = process.wait_until(connections=0)["pid"]
    before = kib(pid)

    clients = [listen(process, number) for number in range(SOCKETS)]
    for client in clients:
        client.say("something")
    assert all(client.read_until(2) == ["hello", "echo something"] for client in clients)
    time.sleep(0.5)

    assert (kib(pid) - before) / SOCKETS < MOST_KIB_EACH


def kib(pid: int) -> int:
    """The memory that is this process's own share."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise AssertionError("No Pss")
