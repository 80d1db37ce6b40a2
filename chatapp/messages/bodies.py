"""Text into safe HTML: escaped, line breaks kept, addresses linked, names marked. The only source of `Markup`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Protocol

from markupsafe import Markup, escape

_URL = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,:;!?)\]}]")
_LINK = Markup('<a href="{0}" target="_blank" rel="noopener noreferrer nofollow ugc">{0}</a>')
_MENTION = Markup('<span class="mention" data-id="{1}">@{0}</span>')

Called = tuple[tuple[str, str], ...]
"""The id and the name of each who is called."""


class Written(Protocol):
    """A message, as far as its text goes."""

    text: str
    mentions: list[dict[str, Any]]


def html_of_message(message: Written) -> Markup:
    """What a message says. Only notes call anybody."""
    return html_of(message.text, tuple((one["id"], one["name"]) for one in message.mentions))


@lru_cache(maxsize=4096)
def html_of(text: str, called: Called = ()) -> Markup:
    """The text as HTML. Everything is escaped before it meets a tag, and only http and https become links."""
    return Markup("").join(_linked(text, called)).replace("\n", Markup("<br>"))


def _linked(text: str, called: Called) -> Iterator[Markup]:
    end = 0
    for match in _URL.finditer(text):
        yield from _marked(text[end : match.start()], called)
        yield _LINK.format(match.group())
        end = match.end()
    yield from _marked(text[end:], called)


def _marked(text: str, called: Called) -> Iterator[Markup]:
    ids = {name.casefold(): key for key, name in called}
    end = 0
    for match in calls(text, [name for _key, name in called]):
        yield escape(text[end : match.start()])
        yield _MENTION.format(match.group(1), ids.get(match.group(1).casefold(), ""))
        end = match.end()
    yield escape(text[end:])


def calls(text: str, names: Sequence[str]) -> Iterator[re.Match[str]]:
    """Where one of these names stands behind an @, the longest that fits; not inside of words and mail addresses."""
    if not names or "@" not in text:
        return iter(())
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    return re.finditer(rf"(?<![\w.+-])@({'|'.join(longest_first)})(?!\w)", text, re.IGNORECASE)
