"""Finds a Chromium that runs, and installs one where that is possible: `python -m tests.support.chromium`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first of them draws no window of its own and takes two thirds of the time."""
PLAYWRIGHT_FOLDERS = (".cache/ms-playwright", "Library/Caches/ms-playwright")
MISSING = "no Chromium was found and none could be installed: browser tests are skipped"


def find() -> str | None:
    """The path of a Chromium that answers. Ubuntu's `chromium-browser` may be a mere pointer to a snap."""
    return next((path for path in _candidates() if _answers(path)), None)


def _candidates() -> Iterator[str]:
    if chosen := os.environ.get("CHATAPP_CHROMIUM"):
        yield chosen
    yield from filter(None, map(shutil.which, NAMES))
    yield "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    folders = [Path.home() / folder for folder in PLAYWRIGHT_FOLDERS]
    if chosen := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        folders.insert(0, Path(chosen))
    for folder in folders:
        yield from map(str, sorted(folder.glob("chromium-*/chrome-*/chrome"), reverse=True))
        yield from map(str, sorted(folder.glob("chromium-*/chrome-*/*.app/Contents/MacOS/*"), reverse=True))


def _answers(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> None:
    """From Debian's packages when we are root there, else the build that playwright downloads."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run("apt-get", "update", "-qq")
        for package in NAMES[:2]:
            if find() is None:
                _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package, "fonts-liberation")
    if find() is None:
        extra = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
        _run(sys.executable, "-m", "playwright", "install", *extra, "chromium")


def _run(*command: str) -> None:
    """Whether it worked is seen by looking again for a browser. The last words of a failure are shown."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=420, check=False)
    except subprocess.TimeoutExpired:
        print(f"{' '.join(command)}: no end after seven minutes", flush=True)
        return
    if done.returncode:
        print("\n".join([" ".join(command), *done.stderr.strip().splitlines()[-5:]]), flush=True)


def main() -> None:
    if find() is None:
        print("Installing Chromium for the browser tests …", flush=True)
        install()
    if find() is None:
        print(f"Note: {MISSING}.", flush=True)


if __name__ == "__main__":
    main()
