"""Going there: a page, and its picture, through the gateway. When anything goes wrong, there is nothing to show."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from threading import Lock
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from flask import current_app

from chatapp.common import outbound_http, pictures
from chatapp.common.outbound_http import Answer, ForbiddenAddressError, UnreachableError
from chatapp.common.pictures import Picture, UnreadableError
from chatapp.link_cards import pages
from chatapp.link_cards.pages import Page

SECONDS = 6.0
"""For the page, with whatever it leads to; half as much for the picture. Both are less than a delivery's lease."""

_MOST_HOPS = 3
_MOST_BYTES_OF_PICTURE = 3 * 1024 * 1024
_MOST_PIXELS = 16_000_000
_PAGES = ("text/html", "application/xhtml+xml")
_REDIRECTS = (301, 302, 303, 307, 308)
_USUAL = (None, 80, 443)
_OK = 200
_KEPT = "/%:=&?~+!$,;'@()*[]"
_one_picture = Lock()  # one that is large takes sixty megabytes while it is looked at


@dataclass(frozen=True)
class Found:
    """A page and what it shows of itself, made by us."""

    page: Page
    site: str
    picture: Picture | None


def look(url: str) -> Found | None:
    """What is there; None for whatever is no page with a title that anybody could see."""
    end = time.monotonic() + SECONDS
    address = fetchable(url)
    for _hop in range(_MOST_HOPS + 1):
        answer = _get(address, accept="text/html", most_bytes=pages.MOST_BYTES, seconds=end - time.monotonic())
        if address is None or answer is None:
            return None
        if answer.status not in _REDIRECTS or not answer.location:
            return _found(answer, address)
        address = fetchable(answer.location, seen_at=address)
    return None


def fetchable(url: str, *, seen_at: str = "") -> str | None:
    """The address as the gateway takes it: by https, in plain letters, without its fragment. None if it cannot be, or
    is one of ours. `seen_at`: the page that names it."""
    try:
        parts = urlsplit(urljoin(seen_at, url))
        host = (parts.hostname or "").encode("idna").decode()
        port = "" if parts.port in _USUAL else f":{parts.port}"
    except ValueError:  # also what no name can be
        return None
    literal = f"[{host}]" if ":" in host else host
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or literal + port in _our_places():
        return None
    return urlunsplit(("https", literal + port, quote(parts.path, _KEPT), quote(parts.query, _KEPT), ""))


def _our_places() -> set[str]:
    config = current_app.extensions["chatapp.config"]
    places = (urlsplit(address).netloc for address in (config.public_url, config.files_url) if address)
    return {place.removesuffix(":80").removesuffix(":443") for place in places}


def _get(address: str | None, *, accept: str, most_bytes: int, seconds: float) -> Answer | None:
    if address is None or seconds <= 0:
        return None
    config = current_app.extensions["chatapp.config"]
    headers = {"Accept": accept, "User-Agent": f"Mozilla/5.0 (compatible; Chatapp; +{config.public_url})"}
    try:
        return outbound_http.get(address, headers=headers, most_bytes=most_bytes, seconds=seconds)
    except (ForbiddenAddressError, UnreachableError):
        return None


def _found(answer: Answer, address: str) -> Found | None:
    if answer.status != _OK or answer.media_type not in _PAGES:
        return None
    page = pages.read(answer.body, answer.charset)
    if page is None:
        return None
    site = page.site or str(urlsplit(address).hostname).removeprefix("www.")
    return Found(page, site, _picture(fetchable(page.picture, seen_at=address)) if page.picture else None)


def _picture(address: str | None) -> Picture | None:
    answer = _get(address, accept="image/*", most_bytes=_MOST_BYTES_OF_PICTURE + 1, seconds=SECONDS / 2)
    if answer is None or answer.status != _OK or len(answer.body) > _MOST_BYTES_OF_PICTURE:
        return None
    try:
        with _one_picture:
            return Picture(secrets.token_hex(16), pictures.square(answer.body, most_pixels=_MOST_PIXELS))
    except UnreadableError:
        return None
