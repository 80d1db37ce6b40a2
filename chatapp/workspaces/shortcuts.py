"""Every key of the dashboard, once: the list that "?" opens and the command palette are made of it.

A key works where an element of the page carries it (`data-key`); the palette offers what the page it stands on has.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class Shortcut:
    """`keys` as `data-key` has them. What no element carries is told in the list only: then `icon` is ""."""

    keys: str
    words: LazyString
    icon: str = ""


SHORTCUTS = (
    Shortcut("ctrl k", _l("Search everything and do anything")),
    Shortcut("/", _l("Search messages and people"), "search"),
    Shortcut("j", _l("Next conversation")),
    Shortcut("k", _l("Previous conversation")),
    Shortcut("r", _l("Reply"), "reply"),
    Shortcut("n", _l("Private note"), "lock"),
    Shortcut("ctrl ↵", _l("Send")),
    Shortcut("/", _l("Canned replies, while you write")),
    Shortcut("a", _l("Assign"), "user-round-plus"),
    Shortcut("e", _l("Close or reopen"), "check"),
    Shortcut("h", _l("Snooze"), "moon"),
    Shortcut("l", _l("Labels"), "tag"),
    Shortcut("p", _l("Priority"), "signal-high"),
    Shortcut("m", _l("Run a macro"), "zap"),
    Shortcut("i", _l("Contact panel"), "panel-right"),
    Shortcut("x", _l("Choose a conversation, with Shift up to the last one")),
    Shortcut("z", _l("Undo what was just done"), "rotate-ccw"),
    Shortcut("g h", _l("Go to the workspace home")),
    Shortcut("g i", _l("Go to the inbox")),
    Shortcut("g c", _l("Go to the contacts")),
    Shortcut("g p", _l("Go to the projects")),
    Shortcut("g t", _l("Go to the team")),
    Shortcut("g n", _l("Go to the notifications")),
    Shortcut("g s", _l("Go to the settings")),
    Shortcut("?", _l("All shortcuts"), "keyboard"),
)
