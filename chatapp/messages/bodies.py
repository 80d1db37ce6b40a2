"""Text into safe HTML: escaped, line breaks kept, web addresses linked. The only source of `Markup` in the product."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

_URL = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,:;!?)\]}]")
_LINK = Markup('<a href="{0}" target="_blank" rel="noopener noreferrer nofollow ugc">{0}</a>')


@lru_cache(maxsize=4096)
def html_of(text: str) -> Markup:
    """The text as HTML. Everything is escaped before it meets a tag, and only http and https become links."""
    parts: list[Markup] = []
    end = 0
    for match in _URL.finditer(text):
        parts += [escape(text[end : match.start()]), _LINK.format(match.group())]
        end = match.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts).replace("\n", Markup("<br>"))
