"""Notifications in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from chatapp.notifications.models import Notification, switch_of

ICONS = {
    "sla_breached": "alarm-clock",
    "mention": "at-sign",
    "assigned": "user-round-plus",
    "team": "users-round",
    "sla_warned": "timer",
    "woken": "moon",
    "message": "message-square",
    "unassigned": "inbox",
    "import": "file-text",
    "export": "download",
    "person_export": "download",
}

__all__ = ["ICONS", "SWITCHES", "WAYS", "kind_words", "line", "subject", "switch_of", "told"]


def kind_words(kind: str, count: int = 1, *, is_read: bool = False) -> str:
    """What one line tells of one kind."""
    if kind == "message" and is_read:
        return ngettext("%(num)s message", "%(num)s messages", count)
    if kind == "message":
        return ngettext("%(num)s new message", "%(num)s new messages", count)
    if kind == "mention":
        return ngettext("You were mentioned", "You were mentioned %(num)s times", count)
    return {
        "sla_breached": _("A target was missed"),
        "assigned": _("Assigned to you"),
        "team": _("Assigned to your team"),
        "sla_warned": _("A target is due soon"),
        "woken": _("Its snooze is over"),
        "unassigned": _("New and unassigned"),
        "import": _("Your contacts were imported"),
        "export": _("The file with all contacts is ready"),
        "person_export": _("The file with a person's data is ready"),
    }[kind]


def told(counts: Mapping[str, int], kinds: Sequence[str], *, is_read: bool = False) -> str:
    """What one line tells, in one sentence's length. What was read is new no more."""
    return " · ".join(kind_words(kind, counts[kind], is_read=is_read) for kind in kinds)


def subject(line: Notification) -> str:
    """What a line is about: the contact, or the file."""
    if line.conversation is None:
        return kind_words(line.kinds[0])
    contact = line.conversation.end_user
    return contact.name or contact.email or _("Visitor %(code)s", code=contact.code)


def line(of: Notification) -> str:
    """All of it in one line of text."""
    return f"{subject(of)}: {told(of.counts, of.kinds)}" if of.conversation else subject(of)


SWITCHES = {
    "assigned": _l("A conversation is assigned to you"),
    "team": _l("A conversation is assigned to your team"),
    "message": _l("Somebody writes in your conversation"),
    "unassigned": _l("A new conversation that nobody has"),
    "mention": _l("Somebody mentions you or your team"),
    "sla_warned": _l("A target is due soon"),
    "sla_breached": _l("A target was missed"),
    "woken": _l("A snooze is over"),
    "file": _l("An import or a file is ready"),
}
WAYS = {
    "app": _l("Bell"),
    "desktop": _l("Sound and desktop"),
    "push": _l("Push"),
    "mail": _l("Mail"),
}
