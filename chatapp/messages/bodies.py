"""Text into safe HTML. The only source of `Markup` in the product.

What strangers write stays as it is: escaped, line breaks kept, addresses linked. What agents write may be formatted,
too, by some signs of Markdown. There is no way for HTML to come through: every letter of a text is escaped before it
meets a tag, and the tags are the ones below. No text fills an attribute but the address of a link, which is http.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Protocol

from markupsafe import Markup, escape

_URL = r"https?://[^\s<>\"'`]+[^\s<>\"'`.,:;!?)\]}]"
_LINKED = re.compile(_URL)
_INLINE = re.compile(
    rf"""
      `(?P<code>[^`\n]{{1,1000}})`
    | \[(?P<words>[^\[\]\n]{{1,300}})\]\((?P<address>https?://[^\s<>"'`()]{{1,2000}})\)
    | (?P<url>{_URL})
    | \*\*(?=[^\s*])(?P<bold>[^\n]{{0,999}}?[^\s])\*\*
    | (?<![\w*])\*(?=[^\s*])(?P<italic>[^*\n]{{0,999}}?[^\s*])\*(?![\w*])
    | (?<![\w_])_(?=[^\s_])(?P<leaning>[^_\n]{{0,999}}?[^\s_])_(?![\w_])
    """,
    re.VERBOSE,
)
_FENCE = re.compile(r"^```[^`\n]*\n(.*?)(?:^```[ \t]*$\n?|\Z)", re.MULTILINE | re.DOTALL)
_ITEM = re.compile(r"[-*•][ \t]+(?=\S)")
_NUMBER = re.compile(r"(\d{1,9})[.)][ \t]+(?=\S)")
_QUOTE = re.compile(r">[ \t]?")

_BLOCK_SIGNS = re.compile(r"^(?:```[^`\n]*|[-*•][ \t]+(?=\S)|>[ \t]?)", re.MULTILINE)

_BREAK, _NONE = Markup("<br>"), Markup("")
_LINK = Markup('<a href="{0}" target="_blank" rel="noopener noreferrer nofollow ugc">{1}</a>')
_MENTION = Markup('<span class="mention" data-id="{1}">@{0}</span>')
_CODE, _BOLD, _ITALIC = Markup("<code>{}</code>"), Markup("<strong>{}</strong>"), Markup("<em>{}</em>")
_BLOCK, _QUOTED = Markup("<pre><code>{}</code></pre>"), Markup("<blockquote>{}</blockquote>")
_LIST, _NUMBERED = Markup("<ul>{}</ul>"), Markup('<ol start="{1}">{0}</ol>')
_LINE = Markup("<li>{}</li>")

Called = tuple[tuple[str, str], ...]
"""The id and the name of each who is called."""


class Written(Protocol):
    """A message, as far as its text goes."""

    author_type: str
    text: str
    mentions: list[dict[str, Any]]


def html_of_message(message: Written) -> Markup:
    """What a message says. Only agents format, and only their notes call anybody."""
    if message.author_type != "agent":
        return html_of(message.text)
    return rich_html_of(message.text, tuple((one["id"], one["name"]) for one in message.mentions))


@lru_cache(maxsize=4096)
def html_of(text: str) -> Markup:
    """A text as it was typed. Everything is escaped before it meets a tag, and only http and https become links."""
    return _NONE.join(_with_links(text, escape)).replace("\n", _BREAK)


@lru_cache(maxsize=4096)
def rich_html_of(text: str, called: Called = ()) -> Markup:
    """A text with **bold**, *italic*, `code`, [links](https://…), > quotes, lists, blocks of code; names are marked."""
    parts: list[Markup] = []
    end = 0
    for fence in _FENCE.finditer(text):
        parts += [*_blocks(text[end : fence.start()], called), _BLOCK.format(fence.group(1).removesuffix("\n"))]
        end = fence.end()
    return _NONE.join([*parts, *_blocks(text[end:], called)])


def _blocks(text: str, called: Called) -> Iterator[Markup]:
    """Neighbouring lines of one kind are one block; a blank line before or after a list or a quote is not shown."""
    if not text:
        return
    kinds = [(kind, list(lines)) for kind, lines in groupby(text.removesuffix("\n").split("\n"), key=_kind_of)]
    for place, (kind, lines) in enumerate(kinds):
        if kind == "text":
            around = [place > 0, place < len(kinds) - 1]
            yield _BREAK.join(_inline(line, called) for line in _trimmed(lines, *around))
        elif kind == "quote":
            yield _QUOTED.format(_BREAK.join(_inline(_QUOTE.sub("", line, count=1), called) for line in lines))
        else:
            yield _list_of(kind, lines, called)


def _kind_of(line: str) -> str:
    if _ITEM.match(line):
        return "list"
    if _NUMBER.match(line):
        return "numbered"
    return "quote" if line.startswith(">") else "text"


def _trimmed(lines: list[str], after_block: bool, before_block: bool) -> list[str]:
    start = 1 if after_block and lines and not lines[0].strip() else 0
    stop = len(lines) - 1 if before_block and len(lines) > start and not lines[-1].strip() else len(lines)
    return lines[start:stop]


def _list_of(kind: str, lines: list[str], called: Called) -> Markup:
    sign = _ITEM if kind == "list" else _NUMBER
    items = _NONE.join(_LINE.format(_inline(sign.sub("", line, count=1), called)) for line in lines)
    first = _NUMBER.match(lines[0])
    return _NUMBERED.format(items, int(first.group(1))) if first else _LIST.format(items)


def _inline(text: str, called: Called) -> Markup:
    parts: list[Markup] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts += [*_with_names(text[end : match.start()], called), _formatted(match, called)]
        end = match.end()
    return _NONE.join([*parts, *_with_names(text[end:], called)])


def _formatted(match: re.Match[str], called: Called) -> Markup:
    kind = str(match.lastgroup)
    inside = match.group(kind)
    if kind == "code":
        return _CODE.format(inside)
    if kind == "url":
        return _LINK.format(inside, inside)
    if kind == "address":
        return _LINK.format(inside, match.group("words"))
    return (_BOLD if kind == "bold" else _ITALIC).format(_inline(inside, called))


def _with_links(text: str, plain: Callable[[str], Markup]) -> Iterator[Markup]:
    end = 0
    for match in _LINKED.finditer(text):
        yield plain(text[end : match.start()])
        yield _LINK.format(match.group(), match.group())
        end = match.end()
    yield plain(text[end:])


def _with_names(text: str, called: Called) -> Iterator[Markup]:
    ids = {name.casefold(): key for key, name in called}
    end = 0
    for match in calls(text, [name for _key, name in called]):
        yield escape(text[end : match.start()])
        yield _MENTION.format(match.group(1), ids.get(match.group(1).casefold(), ""))
        end = match.end()
    yield escape(text[end:])


def plain_of(text: str) -> str:
    """What an agent wrote without the signs of its format, for where it stands in one line."""
    return _unsigned(_BLOCK_SIGNS.sub("", text))


def _unsigned(text: str) -> str:
    def inside(match: re.Match[str]) -> str:
        if match.lastgroup == "address":
            return match.group("words")
        found = match.group(str(match.lastgroup))
        return found if match.lastgroup in ("code", "url") else _unsigned(found)

    return _INLINE.sub(inside, text)


def calls(text: str, names: Sequence[str]) -> Iterator[re.Match[str]]:
    """Where one of these names stands behind an @, the longest that fits; not inside of words and mail addresses."""
    if not names or "@" not in text:
        return iter(())
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    return re.finditer(rf"(?<![\w.+-])@({'|'.join(longest_first)})(?!\w)", text, re.IGNORECASE)


def first_link(message: Written) -> str | None:
    """The first address that is a link where the message is shown."""
    if message.author_type == "agent":
        return next(_links(_FENCE.sub("", message.text)), None)
    found = _LINKED.search(message.text)
    return found.group() if found else None


def _links(text: str) -> Iterator[str]:
    for match in _INLINE.finditer(text):
        kind = str(match.lastgroup)
        if kind in ("url", "address"):
            yield match.group(kind)
        elif kind != "code":
            yield from _links(match.group(kind))
