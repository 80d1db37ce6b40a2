"""Texts that try to become code, and a reader that notices when one has."""

from __future__ import annotations

from html.parser import HTMLParser

TEXTS = (
    "<x-hostile>",
    "<x-hostile/onload=1>",
    "</p></div></li><x-hostile>",
    "</script><x-hostile>",
    "</textarea><x-hostile>",
    "</title><x-hostile>",
    "</template><x-hostile>",
    "<!--<x-hostile>-->",
    "<![CDATA[<x-hostile>]]>",
    "<svg/onload=x-hostile>",
    "<img src=x onerror=x-hostile>",
    "<scr<script>ipt>x-hostile</script>",
    '" x-hostile="1',
    "' x-hostile='1",
    '"><x-hostile>',
    "'><x-hostile>",
    "` x-hostile=`",
    " x-hostile=1 ",
    "&lt;x-hostile&gt;",
    "&#60;x-hostile&#62;",
    "\\u003cx-hostile\\u003e",
    "{{ 7*7 }}x-hostile{% raw %}",
    "javascript:x-hostile",
    'https://a.example/"onmouseover="x-hostile',
    "https://a.example/'onmouseover='x-hostile",
    "https://a.example/<x-hostile>",
    "https://a.example/?q=<svg/onload=x-hostile>&x=y",
    "http://javascript:x-hostile@a.example",
    "hx-get=/x-hostile hx-trigger=load",
    "\u202ex-hostile\u2066<x-hostile>",
    "%3Cx-hostile%3E",
)
ALL_AT_ONCE = " ".join(TEXTS)


def came_alive(html: str) -> list[str]:
    """Tags, attributes and links in the page that only a hostile text can have made."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "hostile" in tag:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            is_handler = name.startswith("on") and name.isalpha()
            is_link = name in ("href", "src", "action", "formaction", "hx-get", "hx-post", "srcdoc")
            runs = is_link and (value or "").strip().lower().startswith(("javascript:", "data:text"))
            if "hostile" in name or is_handler or runs:
                self.found.append(f"<{tag} {name}={value!r}>")
