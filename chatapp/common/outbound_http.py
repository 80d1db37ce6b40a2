"""The gateway to addresses that people gave us: public machines by https, and nothing else.

Each address that a name has must be global, and the connection goes to the one that was looked at: a name that leads
elsewhere a moment later leads nowhere. Redirects are not followed, answers are read to a small end, and all of it takes
so long and no longer: who sends a byte now and then holds up nobody.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Timer
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 8
LONGEST_ADDRESS = 2_000
_MOST_BYTES = 64 * 1024
_HTTPS = 443

Address = IPv4Address | IPv6Address


class ForbiddenAddressError(ValueError):
    """The address is not one of a public machine by https."""


class UnreachableError(Exception):
    """Nobody answered as they should; it may pass."""


@dataclass(frozen=True)
class Answer:
    """What came back, at most as many bytes of it as were asked for; `retry_after` is in seconds, if it was told.

    `media_type` and `charset` are what its head calls it, in small letters.
    """

    status: int
    body: bytes
    retry_after: int | None
    media_type: str
    charset: str | None
    location: str | None


def check(url: str) -> str:
    """The host that an address names. Raises `ForbiddenAddressError` for what no public service would have."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ForbiddenAddressError(url) from None
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_ADDRESS
    if parts.scheme != "https" or not host or "@" in parts.netloc or not is_plain or not is_allowed_port(port):
        raise ForbiddenAddressError(url)
    try:
        literal = ip_address(host)
    except ValueError:
        return host
    if not is_allowed(literal):
        raise ForbiddenAddressError(url)
    return host


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send it, once. Raises `ForbiddenAddressError`, `UnreachableError`."""
    return _exchange("POST", url, body=body, headers=headers, most_bytes=_MOST_BYTES, seconds=TIMEOUT_SECONDS)


def get(url: str, *, headers: Mapping[str, str], most_bytes: int, seconds: float) -> Answer:
    """Fetch the beginning of it, once, as it is: nothing is unpacked. Raises as `post` does, and `UnreachableError`
    also for what comes packed all the same."""
    plain = {"Accept-Encoding": "identity", **headers}
    return _exchange("GET", url, body=None, headers=plain, most_bytes=most_bytes, seconds=seconds)


def _exchange(
    method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], most_bytes: int, seconds: float
) -> Answer:
    host, parts = check(url), urlsplit(url)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection = _Pinned(host, parts.port or _HTTPS, address=_public_address(host), seconds=seconds)
    try:
        with _in_time(connection, seconds):
            connection.request(method, target, body=body, headers=dict(headers))
            answer = connection.getresponse()
            if method == "GET" and answer.getheader("Content-Encoding", "identity") != "identity":
                raise http.client.HTTPException("packed")
            return _told(answer, answer.read(most_bytes))
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(f"{host}: {type(error).__name__}") from error
    finally:
        connection.close()


def _told(answer: http.client.HTTPResponse, body: bytes) -> Answer:
    return Answer(
        status=answer.status,
        body=body,
        retry_after=_seconds(answer.getheader("Retry-After")),
        media_type=answer.headers.get_content_type(),
        charset=answer.headers.get_content_charset(),
        location=answer.getheader("Location"),
    )


def is_allowed(address: Address) -> bool:
    """Whether it is a machine that anybody on the internet can reach."""
    inside = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (inside is None or inside.is_global)


def is_allowed_port(port: int | None) -> bool:
    return port in (None, _HTTPS)


def trusted() -> ssl.SSLContext:
    """Whose certificates count."""
    return ssl.create_default_context()


def _public_address(host: str) -> str:
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise UnreachableError(f"{host}: {type(error).__name__}") from error
    addresses = sorted((ip_address(str(one).partition("%")[0]) for one in found), key=lambda one: one.version)
    if not all(is_allowed(address) for address in addresses):
        raise ForbiddenAddressError(host)
    return str(addresses[0])


class _Pinned(http.client.HTTPSConnection):
    """To one address, with a certificate for the name."""

    def __init__(self, host: str, port: int, *, address: str, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._seconds = seconds
        self._address = address
        self.line: socket.socket | None = None  # also once the answer has taken it over

    def connect(self) -> None:
        line = socket.create_connection((self._address, self.port), self._seconds)
        self.sock = self.line = trusted().wrap_socket(line, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()


@contextmanager
def _in_time(connection: _Pinned, seconds: float) -> Iterator[None]:
    """The line is cut when it has taken too long in all. Raises `TimeoutError`."""
    is_over = False

    def cut() -> None:
        nonlocal is_over
        is_over = True
        with suppress(OSError):  # closed already
            if connection.line is not None:
                connection.line.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if is_over:
            raise TimeoutError


def _seconds(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
