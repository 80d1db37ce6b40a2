"""Notifications in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

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


def kind_words(kind: str, count: int = 1) -> str:
    """What one line tells of one kind."""
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


def told(counts: Mapping[str, int], kinds: list[str]) -> str:
    """What one line tells, in one sentence's length."""
    return " · ".join(kind_words(kind, counts[kind]) for kind in kinds)
