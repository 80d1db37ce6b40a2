"""A Redis (or Valkey) server in a folder, reached by a unix socket only.

What it holds is a convenience: the outbox in Postgres can rebuild the queue. So a data file that a crash has spoilt is
put aside rather than allowed to stop the start.
"""

import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from chatapp.common.embedded import binaries
from chatapp.common.embedded.errors import EngineError
from chatapp.common.embedded.processes import Program
from chatapp.common.embedded.sockets import socket_folder

PERSISTENT = ("--appendonly", "yes", "--save", "")
IN_MEMORY = ("--appendonly", "no", "--save", "")


@dataclass(frozen=True, kw_only=True)
class RedisServer:
    program: Path
    data: Path
    socket: Path
    options: tuple[str, ...] = PERSISTENT

    def url(self, number: int = 0) -> str:
        return f"unix://{quote(str(self.socket))}?db={number}"

    def run(self) -> Program:
        return Program(
            name="redis",
            command=[
                *(str(self.program), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *("--dir", str(self.data), "--databases", "64", "--daemonize", "no", "--set-proc-title", "no"),
                *self.options,
            ],
            is_ready=self.is_ready,
            after_failed_starts=self.put_data_aside,
        )

    def is_ready(self) -> bool:
        """Whether it answers; while it still loads its data it says so instead."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def put_data_aside(self) -> None:
        spoilt = self.data / "appendonlydir"
        if spoilt.exists():
            spoilt.rename(self.data / f"spoilt-{spoilt.stat().st_mtime_ns}")


def find(folder: Path, sockets: Path, *, options: tuple[str, ...] = PERSISTENT) -> RedisServer:
    """The server for `folder`. Raises `EngineError` when this machine has no program for it."""
    programs = binaries.redis_programs()
    if not programs:
        raise EngineError("No Redis or Valkey server was found. Set REDIS_URL or install one.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return RedisServer(program=programs[0], data=folder, socket=socket_folder(sockets) / "redis.sock", options=options)
