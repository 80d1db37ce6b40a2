"""A real mail server in a process of its own: keeps every message as a file, named by when it came.

`python -m tests.support.smtp_server FOLDER [--tls] [--user NAME:PASSWORD]` prints its port. It refuses whoever is
called `refused@…` for good and `busy@…` for now, as real servers do.
"""

from __future__ import annotations

import argparse
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from tests.support.certificate import make_certificate

ROOT = Path(__file__).parents[2]


class _Keeper:
    """Answers as a mailbox would, and keeps what it took."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_RCPT(
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("refused@"):
            return "550 No such mailbox"
        if address.startswith("busy@"):
            return "451 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        (self._folder / f"{time.time_ns()}.part").write_bytes(envelope.content)
        for part in self._folder.glob("*.part"):
            part.rename(part.with_suffix(".eml"))
        return "250 OK"


@dataclass(frozen=True)
class MailServer:
    """Where it listens, and what it took."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def messages(self) -> list[EmailMessage]:
        files = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]  # type: ignore[misc]

    def clear(self) -> None:
        """Forget what it took: nobody has a letter."""
        for file in self.folder.glob("*.eml"):
            file.unlink()


@contextmanager
def mail_server(folder: Path, *options: str) -> Iterator[MailServer]:
    """A mail server until the block ends."""
    folder.mkdir(exist_ok=True)
    program = [sys.executable, "-m", "tests.support.smtp_server", str(folder), *options]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield MailServer(int(process.stdout.readline()), folder)
        finally:
            process.terminate()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--user", default="")
    wanted = parser.parse_args()
    options: dict[str, object] = {}
    if wanted.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(make_certificate(wanted.folder))
        options |= {"tls_context": context, "require_starttls": True}
    if wanted.user:
        options |= {"authenticator": _authenticator(wanted.user), "auth_required": True}
        options |= {"auth_require_tls": wanted.tls}
    controller = Controller(_Keeper(wanted.folder), hostname="127.0.0.1", port=_free_port(), **options)
    controller.start()
    print(controller.port, flush=True)  # noqa: T201, the one thing it says
    threading.Event().wait()


def _authenticator(known: str) -> object:
    def check(_server: object, _session: object, _envelope: object, _mechanism: str, data: LoginPassword) -> AuthResult:
        is_right = f"{data.login.decode()}:{data.password.decode()}" == known
        return AuthResult(success=is_right, handled=is_right)

    return check


def _free_port() -> int:
    from tests.support.web import free_port

    return free_port()


if __name__ == "__main__":
    main()
