"""What the panel's script says, in the visitor's language. The script fills the `%(blanks)s` itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import pgettext

from chatapp.channels.limits import WEB, limits_of

_BLANK = re.compile(r"\{(\w+)\}")


def sentences(own: Mapping[str, str]) -> dict[str, str]:
    """Ours, with the owner's own in their place: those write a blank as `{name}`."""
    return _said(_ours(), own)


def later_sentences(own: Mapping[str, str]) -> dict[str, str]:
    """What is said only by what is fetched when it is first needed."""
    return _said(_ours_later(), own)


def _said(ours: dict[str, str], own: Mapping[str, str]) -> dict[str, str]:
    return ours | {name: _BLANK.sub(r"%(\1)s", own[name]) for name in own.keys() & ours.keys()}


def _ours() -> dict[str, str]:
    blank = _blanks("name", "when", "count", "excess", "day", "time")
    return {
        "unreachable": _("We cannot reach the chat right now. Trying again…"),
        "refused": _("That did not work. Please try again."),
        "typing": _("%(name)s is typing", **blank),
        "sending": _("Sending…"),
        "sent": _("Sent"),
        "seen": _("Seen"),
        "edited": _("Edited"),
        "you": _("You"),
        "deleted": _("Message deleted"),
        "replies": _("Usually replies %(when)s", **blank),
        "away": _("We answer as soon as we can"),
        "back": _("We are back %(day)s at %(time)s", **blank),
        "oneAhead": _("One person has waited longer than you"),
        "ahead": _("%(count)s people have waited longer than you", **blank),
        "closed": pgettext("conversation", "Closed"),
        "conversationClosed": _("Conversation closed"),
        "unread": _("%(count)s unread", **blank),
        "reconnecting": _("Reconnecting…"),
        "write": _("Send us a message"),
        "goOn": _("Go on with %(name)s", **blank),
        "left": _("Characters left: %(count)s", **blank),
        "tooLong": _("Your message is %(excess)s characters too long.", **blank),
    }


def _ours_later() -> dict[str, str]:
    blank, limits = _blanks("name", "address"), limits_of(WEB)
    return {
        "rate": _("How did %(name)s do?", **blank),
        "mailed": _("It is on its way to %(address)s.", **blank),
        "noWindow": _("Here the chat cannot have a window of its own."),
        "fileTooLarge": _("Larger than %(count)s MB.", count=limits.file_megabytes),
        "tooManyFiles": _("At most %(count)s files go with one message.", count=limits.files),
    }


def _blanks(*names: str) -> dict[str, str]:
    return {name: f"%({name})s" for name in names}
