"""Operators and orders in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext


def operator_words(operator: str) -> str:
    words = {
        "any_of": _("is one of"),
        "none_of": _("is none of"),
        "yes": pgettext("condition", "yes"),
        "no": pgettext("condition", "no"),
        "more_than": _("more than … ago"),
        "less_than": _("less than … ago"),
        "contains": _("contains"),
        "lacks": _("does not contain"),
        "known": _("is known"),
        "unknown": _("is not known"),
        "equals": _("is exactly"),
        "at_least": _("is at least"),
        "at_most": _("is at most"),
        "on": _("is on"),
        "before": _("is before"),
        "after": _("is after"),
    }
    return words[operator]


def order_words(subject: str) -> dict[str, str]:
    """By the names of the orders."""
    if subject == "contacts":
        return {"seen": _("Last seen first"), "name": _("By name"), "newest": _("Newest first")}
    return {
        "activity": _("Latest activity"),
        "newest": _("Newest"),
        "oldest": _("Oldest"),
        "waiting": _("Waiting longest"),
        "priority": _("Priority"),
        "due": _("Due next"),
    }
