"""Make `.venv` satisfy `requirements/dev.txt`. Only the standard library: this runs before anything is installed.

A mark in the environment holds the lock's hash, so that a start with nothing to do costs a few milliseconds. An
environment that works is never thrown away, whoever made it; what it lacks is added.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "dev.txt"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MARK = VENV / ".chatapp-lock"


def main() -> None:
    with LOCK.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands started together must not install twice
        digest = hashlib.sha256(lock.read()).hexdigest()
        if MARK.exists() and MARK.read_text() == digest and runs(PYTHON, "-c", ""):
            return
        if not runs(PYTHON, "-c", ""):
            say(f"Making a virtual environment with {sys.executable}")
            make_environment()
        say("Installing what requirements/dev.txt locks")
        install()
        MARK.write_text(digest)


def make_environment() -> None:
    if VENV.is_symlink():
        VENV.unlink()
    if runs(sys.executable, "-c", "import ensurepip") or install_debian_venv():
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    elif uv := working_uv():
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], check=True)
    else:
        sys.exit(
            f"{sys.executable} cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv"
        )


def install_debian_venv() -> bool:
    """Debian keeps `ensurepip` in a package of its own; as root we may fetch it."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    package = f"python3.{sys.version_info.minor}-venv"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", package]):
        subprocess.run(["apt-get", *words], env=environment, stdout=subprocess.DEVNULL, check=False)
    return runs(sys.executable, "-c", "import ensurepip")


def install() -> None:
    """With uv, in seconds; with pip, in a minute, where uv cannot be had."""
    locked = ["--require-hashes", "-r", LOCK]
    if uv := working_uv() or fetch_uv():
        cache = [] if os.access(Path.home(), os.W_OK) else ["--no-cache"]  # accounts such as `nobody` have no home
        if succeeds(uv, "pip", "install", "--quiet", "--python", PYTHON, "--compile-bytecode", *cache, *locked):
            return
        say("uv could not; trying with pip")
    if not runs(PYTHON, "-m", "pip", "--version"):
        subprocess.run([PYTHON, "-m", "ensurepip"], stdout=subprocess.DEVNULL, check=True)
    if not succeeds(PYTHON, "-m", "pip", "install", "-qq", *locked):
        sys.exit("The packages could not be installed; the lines above say why.")


def working_uv() -> Path | None:
    """A uv that answers: in the environment, or in PATH (where it may be a shim of pyenv that does not work here)."""
    candidates = [VENV / "bin" / "uv", shutil.which("uv")]
    return next((Path(uv) for uv in candidates if uv and runs(uv, "--version")), None)


def fetch_uv() -> Path | None:
    """uv from the same lock, by its hashes."""
    found = re.search(r"^uv==(?:.*\\\n)*.*", LOCK.read_text(), re.MULTILINE)
    if found is None or not runs(PYTHON, "-m", "pip", "--version"):
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write(found[0])
        wanted.flush()
        succeeds(PYTHON, "-m", "pip", "install", "-qq", "--require-hashes", "-r", wanted.name)
    return working_uv()


def succeeds(*command: str | Path) -> bool:
    return subprocess.run(command, check=False).returncode == 0


def runs(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def say(what: str) -> None:
    print(f"{what} …", flush=True)


if __name__ == "__main__":
    main()
