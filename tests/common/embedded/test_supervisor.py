"""Programs are started, kept alive and stopped."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from chatapp.common.embedded import supervisor as supervisor_module
from chatapp.common.embedded.errors import EngineError
from chatapp.common.embedded.processes import Program, is_alive, read_pid
from chatapp.common.embedded.supervisor import Supervisor


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(tmp_path) as running:
        yield running


def _sleeper(name: str = "sleeper", **more: object) -> Program:
    return Program(name=name, command=["sleep", "60"], **more)  # type: ignore[arg-type]


def _pid(supervisor: Supervisor, name: str = "sleeper") -> int:
    process_id = read_pid(supervisor.folder / "run" / f"{name}.pid")
    assert process_id is not None
    return process_id


def _eventually(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within ten seconds"
        time.sleep(0.01)


def test_launch_returns_when_the_program_serves(supervisor: Supervisor, tmp_path: Path) -> None:
    flag = tmp_path / "serving"
    command = [sys.executable, "-c", f"import pathlib, time; pathlib.Path({str(flag)!r}).touch(); time.sleep(60)"]
    supervisor.launch(Program(name="slow", command=command, is_ready=flag.exists))
    assert flag.exists()
    assert is_alive(_pid(supervisor, "slow"))


def test_a_killed_program_comes_back_under_a_new_id(supervisor: Supervisor) -> None:
    supervisor.launch(_sleeper())
    before = _pid(supervisor)
    os.kill(before, signal.SIGKILL)
    _eventually(supervisor.watch)
    assert _pid(supervisor) != before
    assert is_alive(_pid(supervisor))


def test_the_children_of_a_killed_program_die_with_it(supervisor: Supervisor) -> None:
    supervisor.launch(Program(name="sleeper", command=["sh", "-c", "sleep 60 & wait"]))
    before = psutil.Process(_pid(supervisor))
    _eventually(before.children)
    orphan = before.children()[0]
    before.kill()
    _eventually(supervisor.watch)
    _eventually(lambda: not is_alive(orphan.pid))


def test_stopping_leaves_nothing_behind(supervisor: Supervisor) -> None:
    supervisor.launch(_sleeper("one"), _sleeper("two"))
    process_ids = [_pid(supervisor, "one"), _pid(supervisor, "two")]
    supervisor.stop()
    assert not any(is_alive(process_id) for process_id in process_ids)
    assert list((supervisor.folder / "run").glob("*.pid")) == []


def test_a_program_that_will_not_stop_is_killed(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor_module, "STOP_SECONDS", 0.2)
    supervisor.launch(Program(name="deaf", command=["sh", "-c", "trap '' TERM; while :; do sleep 1; done"]))
    process_id = _pid(supervisor, "deaf")
    supervisor.stop()
    assert not is_alive(process_id)


def test_what_a_crashed_supervisor_left_is_stopped_by_the_next(tmp_path: Path) -> None:
    crashed = Supervisor(tmp_path)
    crashed.launch(_sleeper())
    orphan = _pid(crashed)
    with Supervisor(tmp_path) as following:
        following.launch(_sleeper())
        crashed.children[0].wait(10)
        assert not is_alive(orphan)
        assert is_alive(_pid(following))


def test_a_stranger_who_got_the_old_process_id_is_left_alone(supervisor: Supervisor, tmp_path: Path) -> None:
    with Supervisor(tmp_path / "other") as other:
        other.launch(_sleeper())
        stranger = _pid(other)
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "sleeper.pid").write_text(str(stranger))
        supervisor.launch(_sleeper())
        assert is_alive(stranger)


def test_a_program_that_keeps_dying_is_reported_with_its_last_words(supervisor: Supervisor) -> None:
    with pytest.raises(EngineError, match="no such luck"):
        supervisor.launch(
            Program(name="broken", command=["sh", "-c", "echo no such luck; exit 1"], is_ready=lambda: False)
        )


def test_a_program_that_keeps_dying_may_make_amends(supervisor: Supervisor, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt"
    spoilt.touch()
    command = ["sh", "-c", f"test ! -e {spoilt} && exec sleep 60"]
    mended = Program(
        name="mended", command=command, after_failed_starts=spoilt.unlink, is_ready=lambda: not spoilt.exists()
    )
    supervisor.launch(mended)
    assert is_alive(_pid(supervisor, "mended"))
