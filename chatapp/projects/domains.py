"""Which sites may show a project's widget.

An entry is a host, with or without a port: `example.com` (covers `www.example.com`), `*.example.com` (any depth below),
`localhost`, `127.0.0.1`. An entry without a port covers every port.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_ENTRY = re.compile(r"^(\*\.)?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(:\d{1,5})?$")


class NotADomainError(ValueError):
    """The text names no site."""


def normalised(entry: str) -> str:
    """What a person pasted, as an entry: `https://Shop.example/x` becomes `shop.example`. Raises `NotADomainError`."""
    text = entry.strip().lower()
    host = urlsplit(text).netloc if "://" in text else text.split("/")[0]
    if not _ENTRY.match(host):
        raise NotADomainError(entry)
    return host


def is_allowed(origin: str, entries: Iterable[str]) -> bool:
    """Whether a page of this origin (`https://shop.example:8443`, or a whole address) may show the widget."""
    try:
        parts = urlsplit(origin)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    return bool(host) and any(_covers(entry, host, port) for entry in entries)


def frame_sources(entries: Iterable[str]) -> str:
    """The entries as `frame-ancestors` writes them; `'none'` when there are none."""
    sources = [source for entry in entries for source in _sources(entry)]
    return " ".join(sources) or "'none'"


def _covers(entry: str, host: str, port: int | None) -> bool:
    name, _, entry_port = entry.partition(":")
    if entry_port and entry_port != str(port):
        return False
    if name.startswith("*."):
        return host.endswith(name[1:])
    return host in (name, f"www.{name}")


def _sources(entry: str) -> list[str]:
    with_port = entry if ":" in entry else f"{entry}:*"
    return [with_port] if entry.startswith("*.") else [with_port, f"www.{with_port}"]
