"""How a project's launcher looks, told to the loader before anybody has opened the chat, and by the panel once they do.

It is a `look`: the rules that follow the loader's own, and what the button is called closed and open. See decision 33.
"""

from __future__ import annotations

import json

from flask_babel import gettext as _

from chatapp.common.i18n import speaking
from chatapp.projects.appearance import Appearance
from chatapp.widget import theme

Look = tuple[str, ...]
HIDDEN: Look = ("button{display:none}",)
"""Of a project that is out of use."""

SCHEMES = {"auto": "light dark", "light": "light", "dark": "dark"}
"""As `color-scheme` writes them."""

_RADIUS = {"soft": 16}
_ROUND = 28
_PANEL_ABOVE = 72
_PANEL_AWAY = 92


def look_of(appearance: Appearance, locale: str) -> Look:
    """In this language."""
    with speaking(locale):
        text = _text(appearance, locale)
        return f"{_button(appearance, text)}{_frame(appearance)}", text or _("Open the chat"), _("Close the chat")


def module(look: Look) -> str:
    """As a script, which a strict policy of the host page lets in by the same line as the loader."""
    return f"export default {json.dumps(look, separators=(',', ':'))}"


def _text(appearance: Appearance, locale: str) -> str:
    has_text = appearance.launcher_shape == "words"
    return appearance.words_in(locale).get("launcher") or _("Chat with us") if has_text else ""


def _button(appearance: Appearance, text: str) -> str:
    if appearance.launcher_shape == "own":
        return HIDDEN[0]
    colours = f"background:{appearance.accent};color:{theme.ink_on(appearance.accent).hex}"
    place = f"{_side(appearance)}{_inset('bottom', appearance.launcher_y)}"
    radius = _RADIUS.get(appearance.launcher_shape, _ROUND)
    words = f'button::after{{content:"{_quoted(text)}"}}' if text else ""
    ring = f"button:focus-visible{{box-shadow:0 0 0 6px {appearance.accent}}}"
    return f"button{{{colours};{place}border-radius:{radius}px}}{ring}{words}"


def _frame(appearance: Appearance) -> str:
    """Where it does not fill the screen."""
    place = f"{_side(appearance)}{_inset('bottom', appearance.launcher_y + _PANEL_ABOVE)}"
    height = f"height:min(680px,100% - {appearance.launcher_y + _PANEL_AWAY}px)"
    scheme = f"iframe{{color-scheme:{SCHEMES[appearance.scheme]}}}"
    return f"{scheme}@media(min-width:481px) and (min-height:481px){{iframe{{{place}{height}}}}}"


def _side(appearance: Appearance) -> str:
    side, other = appearance.launcher_side, {"left": "right", "right": "left"}[appearance.launcher_side]
    return f"{_inset(side, appearance.launcher_x)}{other}:auto;"


def _inset(edge: str, space: int) -> str:
    return f"{edge}:calc({space}px + env(safe-area-inset-{edge}));"


def _quoted(text: str) -> str:
    """Inside a string of CSS nothing but letters and digits speaks for itself."""
    return "".join(sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):x} " for sign in text)
