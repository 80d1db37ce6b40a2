"""`bin/dev`: engines, migrations, demo data, web, worker and clock under one supervisor, until Ctrl-C or SIGTERM."""

import fcntl
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from chatapp.common.embedded import resolve
from chatapp.common.embedded.errors import EngineError
from chatapp.common.embedded.supervisor import StoppedError, Supervisor
from chatapp.development import processes
from chatapp.development.settings import ROOT, Settings, SettingsError, write_environment

DEMO_LOGINS = """\
  Acme:   owner@acme.example  admin@acme.example  agent@acme.example  agent2@acme.example  viewer@acme.example
  Globex: owner@globex.example
  password of all: demo-password"""


def main() -> None:
    os.chdir(ROOT)
    try:
        settings = Settings.read(sys.argv[1:], os.environ)
        with _alone_in(settings), Supervisor(settings.folder) as supervisor:
            _stop_on_signals(supervisor)
            _run(settings, supervisor)
    except StoppedError:
        pass
    except (SettingsError, EngineError) as error:
        sys.exit(str(error))


def _run(settings: Settings, supervisor: Supervisor) -> None:
    supervisor.stop_what_was_left_behind()
    _require_free(settings.port)
    if settings.fresh:
        _erase(settings)
    _say("starting Postgres and Redis")
    engines = resolve.start(supervisor, os.environ, database="chatapp")
    environment = settings.environment(engines, os.environ)
    write_environment(settings.running, environment)
    _say("migrating the database")
    supervisor.complete(processes.prepare(environment, with_demo=settings.with_demo))
    _say("starting web, worker and clock")
    supervisor.launch(*processes.application(environment))
    _announce(settings)
    _watch(supervisor)


def _watch(supervisor: Supervisor) -> None:
    while not supervisor.stopping.wait(0.1):
        for name in supervisor.watch():
            _say(f"{name} had died and was started again; its log is {supervisor.folder}/log/{name}.log")
    _say("stopping")


def _announce(settings: Settings) -> None:
    print(f"ready: {settings.url}", flush=True)
    if settings.with_demo:
        print(f"{DEMO_LOGINS}\n  a customer's site with the widget: http://localhost:{settings.port}/demo", flush=True)
    print(f"Logs are in {settings.folder}/log. Ctrl-C stops everything.", flush=True)


@contextmanager
def _alone_in(settings: Settings) -> Iterator[None]:
    """One instance per folder: two supervisors would fight over the same data."""
    run = settings.folder / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (run / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"{settings.folder} is in use by another bin/dev; choose another CHATAPP_VAR."
            ) from None
        try:
            yield
        finally:
            settings.running.unlink(missing_ok=True)


def _stop_on_signals(supervisor: Supervisor) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise SettingsError(
                f"Port {port} is in use; choose another, for example PORT={port + 10} bin/dev."
            ) from None


def _erase(settings: Settings) -> None:
    """Everything the instance has stored, but not its secrets."""
    resolve.erase(settings.folder)
    for stored in ("files", "log"):
        shutil.rmtree(settings.folder / stored, ignore_errors=True)


def _say(what: str) -> None:
    print(f"{what} …", flush=True)


if __name__ == "__main__":
    main()
