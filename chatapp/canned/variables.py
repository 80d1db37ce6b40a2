"""What a canned reply may name: `{{contact.first_name|there}}` becomes the first name, or "there" if it is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from chatapp.conversations.models import Conversation
from chatapp.workspaces.models import Membership

_VARIABLE = re.compile(r"\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}")
_Fill = Callable[[Conversation, Membership], str | None]

VARIABLES = {
    "contact.name": _l("The visitor's name"),
    "contact.first_name": _l("The visitor's first name"),
    "contact.email": _l("The visitor's mail address"),
    "agent.name": _l("Your name"),
    "agent.first_name": _l("Your first name"),
    "workspace.name": _l("The name of the workspace"),
    "project.name": _l("The name of the site"),
}
"""Every variable, in the words that people read."""

_FILL: Mapping[str, _Fill] = {
    "contact.name": lambda conversation, _me: conversation.end_user.name,
    "contact.first_name": lambda conversation, _me: _first(conversation.end_user.name),
    "contact.email": lambda conversation, _me: conversation.end_user.email,
    "agent.name": lambda _conversation, me: me.user.name,
    "agent.first_name": lambda _conversation, me: _first(me.user.name),
    "workspace.name": lambda conversation, _me: conversation.workspace.name,
    "project.name": lambda conversation, _me: conversation.project.name,
}


def problem(text: str) -> str | None:
    """What is wrong with the variables of a text, as a sentence; None if nothing is."""
    for match in _VARIABLE.finditer(text):
        if match.group(1) not in VARIABLES:
            return _(
                "“%(name)s” is no variable. Use one of these: %(known)s.",
                name=match.group(1)[:60],
                known=", ".join(VARIABLES),
            )
    if "{{" in _VARIABLE.sub("", text):
        return _("A variable begins with {{ and must end with }}.")
    return None


def filled(text: str, conversation: Conversation, *, by: Membership) -> str:
    """The text for this conversation: what is not known gives way to its fallback, or goes with the blank before it."""

    def fill(match: re.Match[str]) -> str:
        value = _FILL[match.group(1)](conversation, by) if match.group(1) in _FILL else None
        return (value or match.group(2) or "").strip() or _NOTHING

    whole = _VARIABLE.sub(fill, text)
    return re.sub(rf"[^\S\n]?{_NOTHING}", "", whole)


_NOTHING = "\x00"


def _first(name: str | None) -> str | None:
    return name.split()[0] if name and name.strip() else None
