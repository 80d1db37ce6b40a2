"""What `bin/dev` was asked for, and the environment it hands to the processes of the application."""

import base64
import os
import secrets
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chatapp.common.embedded.resolve import Engines

ROOT = Path(__file__).resolve().parents[2]
ENGINE_NAMES = ("DATABASE_URL", "REDIS_URL")


class SettingsError(Exception):
    """The command was called in a way it cannot serve; the text says what to do instead."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options of `bin/dev`."""

    folder: Path
    port: int
    with_demo: bool
    fresh: bool

    @classmethod
    def read(cls, words: list[str], environ: Mapping[str, str]) -> "Settings":
        unknown = [word for word in words if word != "--fresh"]
        port = environ.get("PORT", "8000")
        if unknown:
            raise SettingsError(f"bin/dev does not know {unknown[0]}; its only option is --fresh.")
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise SettingsError(f"PORT must be a number below 65536, not {port!r}.")
        if "--fresh" in words and any(environ.get(name) for name in ENGINE_NAMES):
            raise SettingsError(
                "--fresh empties only engines of bin/dev's own: unset DATABASE_URL and REDIS_URL first."
            )
        return cls(
            folder=folder(environ),
            port=int(port),
            with_demo=environ.get("CHATAPP_DEMO", "1") != "0",
            fresh="--fresh" in words,
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> Path:
        """The file that tells other commands how to reach this instance; it exists while the instance runs."""
        return self.folder / "run" / "env"

    def environment(self, engines: Engines, environ: Mapping[str, str]) -> dict[str, str]:
        """What the application's processes read. What the caller has set stays as it is."""
        ours = {
            "CHATAPP_ENV": "development",
            "CHATAPP_VAR": str(self.folder),
            "CHATAPP_BIND": f"127.0.0.1:{self.port}",
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "DATABASE_URL": engines.database_url,
            "REDIS_URL": engines.redis_url,
            "FILES_DIR": str(self.folder / "files"),
            **_kept_secrets(self.folder / "env"),
        }
        return {name: environ.get(name) or value for name, value in ours.items()}


def folder(environ: Mapping[str, str]) -> Path:
    """Where an instance keeps data, sockets and logs."""
    return (ROOT / environ.get("CHATAPP_VAR", "var")).absolute()


def write_environment(file: Path, values: Mapping[str, str]) -> None:
    """Lines that both a shell and `read_environment` understand; only their owner may read them."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_suffix(".unfinished")
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as lines:
        lines.writelines(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    unfinished.replace(file)


def read_environment(file: Path) -> dict[str, str]:
    pairs = (line.partition("=") for line in file.read_text().splitlines())
    return {name: "".join(shlex.split(value)) for name, _, value in pairs}


def _kept_secrets(file: Path) -> dict[str, str]:
    """The instance's secrets: made once, so that sessions and stored credentials survive a restart."""
    if not file.exists():
        key = base64.urlsafe_b64encode(os.urandom(32)).decode()
        write_environment(file, {"SECRET_KEY": secrets.token_urlsafe(48), "ENCRYPTION_KEYS": key})
    return read_environment(file)
