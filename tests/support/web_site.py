"""A site on this machine, by https, that answers as each test likes."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.certificate import make_certificate


@dataclass(frozen=True)
class Reply:
    """What a path answers. With `drips` a byte comes each hundredth of a second."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    drips: bool = False


class WebSite:
    """`replies` by path; what is not there is 404. `asked` are the paths, in order, and `heads` who asked."""

    def __init__(self, certificate: Path) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.heads: list[dict[str, str]] = []
        self.certificate = certificate
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.heads.append(dict(self.headers))
                reply = site.replies.get(self.path, Reply(status=404))
                self.send_response(reply.status)
                for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):  # whoever asked has gone
                    self._send(reply)

            def _send(self, reply: Reply) -> None:
                if not reply.drips:
                    self.wfile.write(reply.body)
                    return
                for one in reply.body:
                    time.sleep(0.01)
                    self.wfile.write(bytes([one]))

            def log_message(self, *_about: object) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    @property
    def origin(self) -> str:
        return f"https://127.0.0.1:{self.server.server_port}"

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


@contextmanager
def web_site(folder: Path) -> Iterator[WebSite]:
    site = WebSite(make_certificate(folder))
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()
