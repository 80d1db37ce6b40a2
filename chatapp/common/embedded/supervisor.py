"""Keeps programs running: starts each, waits until it serves, starts it again when it dies, stops all in reverse order.

Every program gets a session of its own, so that Ctrl-C in a terminal reaches only the supervisor, which then stops
them in the right order: the web before the database.
"""

import contextlib
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from chatapp.common.embedded.errors import EngineError
from chatapp.common.embedded.processes import MARK, Program, stop_left_behind

ENGINES = ("postgres", "redis")
START_SECONDS = 60
STOP_SECONDS = 30
QUICK_DEATH_SECONDS = 5
QUICK_DEATHS_BEFORE_AMENDS = 3
LONGEST_PAUSE_SECONDS = 5.0
_TICK = 0.05


@dataclass
class Child:
    """One program under supervision."""

    program: Program
    pid_file: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    quick_deaths: int = 0
    started: float = 0.0
    next_start: float = 0.0

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def spawn(self) -> None:
        self.program.before_start()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.program.environment, MARK: str(self.pid_file)},
                cwd="/" if self.program.user is not None else None,
                user=self.program.user,
                group=self.program.user,
                extra_groups=None if self.program.user is None else [],
                start_new_session=True,
            )
        self.started = time.monotonic()
        self.pid_file.write_text(f"{self.process.pid}\n")

    def bury(self) -> None:
        """After a death: end what the dead process had started (orphaned web workers would keep the port)."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.pid_file.unlink(missing_ok=True)
        self.process = None

    def learn_from_death(self) -> None:
        """The first restart is immediate; a program that keeps dying waits longer each time, so logs stay readable."""
        lived = time.monotonic() - self.started
        self.quick_deaths = self.quick_deaths + 1 if lived < QUICK_DEATH_SECONDS else 0
        self.next_start = time.monotonic() + min(0.1 * 2**self.quick_deaths, LONGEST_PAUSE_SECONDS)
        if self.quick_deaths == QUICK_DEATHS_BEFORE_AMENDS:
            self.program.after_failed_starts()

    def ask_to_stop(self) -> None:
        if self.process is not None and self.runs:
            self.process.send_signal(signal.Signals[self.program.stop_signal])

    def wait(self, seconds: float) -> None:
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)

    def last_words(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        return ""


class StoppedError(Exception):
    """Somebody asked us to stop while we were still starting."""


@dataclass
class Supervisor:
    """Runs programs with their logs and pid files under `folder` (`log/` and `run/`).

    A signal handler sets `stopping`; it must not raise, or a program could be lost between its start and its listing.
    """

    folder: Path
    batches: list[list[Child]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def children(self) -> list[Child]:
        return [child for batch in self.batches for child in batch]

    def launch(self, *programs: Program, patience: float = START_SECONDS) -> None:
        """Start programs side by side and return when all of them serve. Raises `EngineError` with a log's end."""
        batch = [self._adopt(program) for program in programs]
        self.batches.append(batch)
        deadline = time.monotonic() + patience
        while missing := [child for child in batch if not (child.runs and child.program.is_ready())]:
            for child in missing:
                _keep_running(child)
            if time.monotonic() > deadline or any(child.quick_deaths > QUICK_DEATHS_BEFORE_AMENDS for child in missing):
                raise EngineError(f"{missing[0].program.name} does not start:\n{missing[0].last_words()}")
            self._pause()

    def complete(self, program: Program) -> None:
        """Run a program to its end. Raises `EngineError` with its last words when it fails."""
        child = self._adopt(program)
        child.spawn()
        try:
            while child.runs:
                self._pause()
            if child.process is not None and child.process.returncode:
                raise EngineError(f"{program.name} failed:\n{child.last_words()}")
        finally:
            _stop([child])

    def watch(self) -> list[str]:
        """Start again whatever has died since the last call; answers the names. Call it a few times a second."""
        return [child.program.name for child in self.children if _keep_running(child)]

    def stop(self) -> None:
        """Stop everything: batch by batch, the last started first, the programs of a batch at the same time."""
        while self.batches:
            _stop(self.batches.pop())

    def stop_what_was_left_behind(self) -> None:
        """End what an earlier supervisor of this folder, which was killed, could not end any more: engines last."""
        left = list((self.folder / "run").glob("*.pid"))
        engines = [pid_file for pid_file in left if pid_file.stem in ENGINES]
        stop_left_behind(*(pid_file for pid_file in left if pid_file not in engines), patience=3)
        stop_left_behind(*engines)

    def _pause(self) -> None:
        if self.stopping.wait(_TICK):
            raise StoppedError

    def _adopt(self, program: Program) -> Child:
        run, logs = self.folder / "run", self.folder / "log"
        for needed in (run, logs):
            needed.mkdir(mode=0o700, parents=True, exist_ok=True)
        child = Child(program, run / f"{program.name}.pid", logs / f"{program.name}.log")
        if child.log.exists():
            child.log.replace(logs / f"{program.name}.previous.log")
        stop_left_behind(child.pid_file)
        return child


def _keep_running(child: Child) -> bool:
    """Start the child if it does not run and its pause is over. Answers whether it was started now."""
    if child.runs:
        return False
    if child.process is not None:
        child.bury()
        child.learn_from_death()
    if time.monotonic() < child.next_start:
        return False
    child.spawn()
    return True


def _stop(batch: list[Child]) -> None:
    for child in batch:
        child.ask_to_stop()
    deadline = time.monotonic() + STOP_SECONDS
    for child in batch:
        child.wait(max(0.0, deadline - time.monotonic()))
        child.bury()
