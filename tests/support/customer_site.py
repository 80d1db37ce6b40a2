"""A customer's site: pages of another origin, served by nobody we know, that embed what they are told to embed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width"></head>
<body><main><h1>{title}</h1><p>Lamps, mugs and blankets.</p></main>{snippet}</body></html>"""


def page_with(snippet: str, title: str = "A shop") -> str:
    """A small page with the snippet just before its end. The title is taken as HTML."""
    return _PAGE.format(snippet=snippet, title=title)


@pytest.fixture
def customer_site() -> Iterator[Callable[..., str]]:
    """Call with the HTML of a page, and its `Content-Security-Policy` if it has one; the answer is its address, on
    `localhost` as against our `127.0.0.1`."""
    with _served() as publish:
        yield publish


@contextmanager
def _served() -> Iterator[Callable[..., str]]:
    pages: list[tuple[bytes, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, policy = pages[-1]
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def publish(html: str, policy: str = "") -> str:
        pages.append((html.encode(), policy))
        return f"http://localhost:{server.server_port}/"

    yield publish
    server.shutdown()
    server.server_close()
