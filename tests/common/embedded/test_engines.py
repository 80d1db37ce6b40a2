"""The real engines: started in a folder, killed, and started again with what they held."""

import os
import signal
import time
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from chatapp.common.embedded import accounts, binaries, postgres, resolve
from chatapp.common.embedded import redis as embedded_redis
from chatapp.common.embedded.errors import EngineError
from chatapp.common.embedded.processes import read_pid
from chatapp.common.embedded.resolve import Engines
from chatapp.common.embedded.supervisor import Supervisor


def _start(supervisor: Supervisor, **environ: str) -> Engines:
    return resolve.start(supervisor, environ, database="chatapp")


def _kill(supervisor: Supervisor, name: str) -> None:
    process_id = read_pid(supervisor.folder / "run" / f"{name}.pid")
    assert process_id is not None
    os.kill(process_id, signal.SIGKILL)


def _wait_until_all_serve(supervisor: Supervisor) -> None:
    deadline = time.monotonic() + 20
    while supervisor.watch() or not all(child.runs and child.program.is_ready() for child in supervisor.children):
        assert time.monotonic() < deadline, "the engines did not come back"
        time.sleep(0.02)


def test_what_was_committed_survives_a_kill_and_a_new_start(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        engines = _start(supervisor)
        with psycopg.connect(engines.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
        with Redis.from_url(engines.redis_url) as redis:
            redis.set("greeting", "hola")
        for name in ("postgres", "redis"):
            _kill(supervisor, name)
        _wait_until_all_serve(supervisor)
        with psycopg.connect(engines.database_url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    with Supervisor(tmp_path) as supervisor:
        again = _start(supervisor)
        with psycopg.connect(again.database_url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
        assert again == engines


def test_engines_that_outlived_a_crashed_supervisor_are_replaced(tmp_path: Path) -> None:
    crashed = Supervisor(tmp_path)
    _start(crashed)
    with Supervisor(tmp_path) as following:
        engines = _start(following)
        for child in crashed.children:
            child.wait(10)
            assert not child.runs
        with psycopg.connect(engines.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with Redis.from_url(engines.redis_url) as redis:
            assert redis.ping()


def test_two_instances_run_side_by_side(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "one") as one, Supervisor(tmp_path / "two") as two:
        first, second = _start(one), _start(two)
        with Redis.from_url(first.redis_url) as redis, Redis.from_url(second.redis_url) as other:
            redis.set("whose", "one")
            assert redis.get("whose") == b"one"
            assert other.get("whose") is None


def test_the_environment_comes_first_and_then_nothing_is_started(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://db.example/chatapp", "REDIS_URL": "redis://cache.example"}
    with Supervisor(tmp_path) as supervisor:
        assert _start(supervisor, **given) == Engines(database_url=given["DATABASE_URL"], redis_url=given["REDIS_URL"])
        assert supervisor.children == []


def test_a_lock_file_that_names_a_stranger_does_not_stop_the_start(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        _start(supervisor)
    lock = tmp_path / "postgres" / "data" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{lock.parent}\n")
    with Supervisor(tmp_path) as supervisor:
        _start(supervisor)
        assert read_pid(tmp_path / "run" / "postgres.pid") != os.getpid()


def test_a_spoilt_redis_file_is_put_aside(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        _start(supervisor)
    (next((tmp_path / "redis" / "appendonlydir").glob("*.manifest"))).write_text("nonsense\n")
    with Supervisor(tmp_path) as supervisor:
        engines = _start(supervisor)
        with Redis.from_url(engines.redis_url) as redis:
            assert redis.ping()


def test_a_path_too_long_for_a_socket_gets_a_short_stand_in(tmp_path: Path) -> None:
    with Supervisor(tmp_path / ("long" * 30)) as supervisor:
        engines = _start(supervisor)
        assert "long" not in engines.database_url
        with psycopg.connect(engines.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_postgres_that_does_not_work_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{name} (PostgreSQL) 99.1"\n')
        (tmp_path / name).chmod(0o755)
    working = binaries.postgres_programs()
    monkeypatch.setattr(binaries, "postgres_programs", lambda: [tmp_path / "postgres", *working])
    assert postgres.find(tmp_path / "cluster", tmp_path / "run").program in working


def test_data_of_another_version_is_refused_with_advice(tmp_path: Path) -> None:
    data = postgres.find(tmp_path / "cluster", tmp_path / "run").data
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(EngineError, match=r"written by Postgres 9; `bin/dev --fresh`"):
        postgres.find(tmp_path / "cluster", tmp_path / "run")


def test_no_redis_program_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "redis_programs", list)
    with pytest.raises(EngineError, match="Set REDIS_URL"):
        embedded_redis.find(tmp_path / "redis", tmp_path / "run")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes its account")
def test_root_falls_back_to_nobody_where_namespaces_are_forbidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "NAMESPACE", ("false",))
    with Supervisor(tmp_path) as supervisor:
        engines = _start(supervisor)
        with psycopg.connect(engines.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    resolve.erase(tmp_path)
    assert (
        not accounts.Account(name="nobody", user=accounts.NOBODY).home(tmp_path / "postgres").joinpath("data").exists()
    )
