"""What the head of a page says about it. Whatever the page is, this takes no longer than reading it once.

`html.parser` reads well-meant pages well, but 64 KB of `<a <a <a` take it most of a minute (Python 3.13.0, measured),
and nobody can stop a thread. All that is wanted are a few tags in the head: each sign below is looked for once, from
left to right, and what is inside of a tag is short.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

MOST_BYTES = 256 * 1024
_LONGEST_TAG = 4_000
_MOST_TAGS = 200
_LONGEST = {"title": 200, "description": 300, "site": 60}
_TITLES = ("og:title", "twitter:title", "<title>")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
_PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_KEPT_MARKS = "\u200c\u200d"  # they join letters and parts of emoji; other marks of format only turn and hide
_UNREADABLE = "\ufffd"

_SIGN = re.compile(r"<(!--|/head|body|script|style|title|meta)(?![a-z0-9])", re.IGNORECASE)
_ENDS = {
    "!--": re.compile("-->"),
    "script": re.compile("</script", re.IGNORECASE),
    "style": re.compile("</style", re.IGNORECASE),
    "title": re.compile("</title", re.IGNORECASE),
}
_TAG = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*+>""")
_PAIR = re.compile(r"""(?<![\w:-])([a-z:_-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]++))""", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([\w-]{2,40})""", re.IGNORECASE)
_CHARSETS = re.compile(
    r"utf-8|utf-16(-[lb]e)?|cp125[0-8]|iso8859-\d+|koi8-[ru]|shift_jis|euc_(jp|kr)|gb2312|gbk|gb18030|big5"
)


@dataclass(frozen=True)
class Page:
    """What it says of itself; `picture` is an address as it stands there."""

    title: str
    description: str
    site: str
    picture: str | None


def read(body: bytes, charset: str | None) -> Page | None:
    """The page's beginning; None when it has no title that can be read. `charset`: what its sender says."""
    told = dict(_told(_text(body, charset)))
    title = _first(told, _TITLES, "title")
    if not title:
        return None
    picture = next((told[name].strip() for name in _PICTURES if told.get(name, "").strip()), None)
    return Page(title, _first(told, _DESCRIPTIONS, "description"), _first(told, ("og:site_name",), "site"), picture)


def _text(body: bytes, charset: str | None) -> str:
    written = _CHARSET.search(body[:1024])
    named = charset or (written.group(1).decode() if written else "utf-8")
    known = "utf-8"
    with suppress(LookupError):
        name = codecs.lookup(named).name
        known = name if _CHARSETS.fullmatch(name) else known
    return body.decode(known, errors="replace")


def _told(text: str) -> Iterator[tuple[str, str]]:
    """Names and what they say, the last first: what a page says first is what counts."""
    return reversed([*_signs(text)])


def _signs(text: str) -> Iterator[tuple[str, str]]:
    place, count = 0, 0
    while (sign := _SIGN.search(text, place)) and count < _MOST_TAGS:
        kind, place = sign.group(1).lower(), sign.end()
        if kind in ("/head", "body"):
            return
        if kind == "meta":
            count += 1
            tag = _TAG.match(text, place, place + _LONGEST_TAG)
            if tag:
                yield from _meta(tag.group())
                place = tag.end()
            continue
        end = _ENDS[kind].search(text, place)
        if end is None:
            return
        if kind == "title":
            yield "<title>", text[place : end.start()][:_LONGEST_TAG].partition(">")[2]
        place = end.end()


def _meta(tag: str) -> Iterator[tuple[str, str]]:
    pairs = {
        match.group(1).lower(): match.group(2) or match.group(3) or match.group(4) or ""
        for match in _PAIR.finditer(tag)
    }
    name = pairs.get("property") or pairs.get("name")
    if name and "content" in pairs:
        yield name.strip().lower(), pairs["content"]


def _first(told: Mapping[str, str], names: tuple[str, ...], what: str) -> str:
    return next((said for name in names if (said := tidy(told.get(name, ""), _LONGEST[what]))), "")


def tidy(raw: str, longest: int) -> str:
    """In one line, without what turns, hides or cannot be read; nothing if it was written in other letters."""
    text = unicodedata.normalize("NFC", html.unescape(raw))
    if _UNREADABLE in text:
        return ""
    shown = "".join(letter if _is_shown(letter) else " " if letter.isspace() else "" for letter in text)
    line = " ".join(shown.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _is_shown(letter: str) -> bool:
    return letter in _KEPT_MARKS or unicodedata.category(letter) not in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
