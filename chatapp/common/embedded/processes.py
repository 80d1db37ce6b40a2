"""What a supervised program is, and how to recognise one that an earlier, crashed supervisor has left behind."""

import contextlib
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

MARK = "CHATAPP_SUPERVISED"  # in the environment of everything we start: the path of its pid file
PATIENCE_SECONDS = 10


def _always() -> bool:
    return True


def _nothing() -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Program:
    """A long-running command: how to start it, how to see that it serves, how to stop it politely."""

    name: str
    command: list[str]
    user: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] = _always
    before_start: Callable[[], None] = _nothing
    after_failed_starts: Callable[[], None] = _nothing
    stop_signal: str = "SIGTERM"


@dataclass(frozen=True)
class ProcessFacts:
    """What an unknown process tells of itself; empty when it is gone or not ours to ask."""

    command_line: str = ""
    mark: str = ""


def is_alive(process_id: int) -> bool:
    try:
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def facts_of(process_id: int) -> ProcessFacts:
    try:
        process = psutil.Process(process_id)
        return ProcessFacts(" ".join(process.cmdline()), process.environ().get(MARK, ""))
    except psutil.Error:
        return ProcessFacts()


def stop_by_id(process_id: int, stop_signal: str = "SIGTERM", *, patience: float = PATIENCE_SECONDS) -> None:
    """Ask a process to end and wait; kill it when it will not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(process_id)
        process.send_signal(signal.Signals[stop_signal])
        try:
            process.wait(patience)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(patience)


def stop_left_behind(*pid_files: Path, patience: float = PATIENCE_SECONDS) -> None:
    """End the processes named in `pid_files` that still are the ones we started: process ids are used again.

    They are asked first; what is left of them and their children after `patience` seconds is killed.
    """
    families = [_family(pid_file) for pid_file in pid_files]
    for family in families:
        for process in family[:1]:
            process.terminate()
    _gone, deaf = psutil.wait_procs([process for family in families for process in family], timeout=patience)
    for process in deaf:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(deaf, timeout=PATIENCE_SECONDS)
    for pid_file in pid_files:
        pid_file.unlink(missing_ok=True)


def _family(pid_file: Path) -> list[psutil.Process]:
    """The process and, after it, all that it has started."""
    process_id = read_pid(pid_file)
    if process_id is None or facts_of(process_id).mark != str(pid_file):
        return []
    try:
        process = psutil.Process(process_id)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def read_pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text())
    except (OSError, ValueError):
        return None
