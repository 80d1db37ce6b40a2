"""Kinds in words."""

from __future__ import annotations

from flask_babel import gettext as _


def kind_words(kind: str) -> str:
    return {
        "text": _("Text"),
        "number": _("Number"),
        "money": _("Amount of money"),
        "checkbox": _("Yes or no"),
        "date": _("Date"),
        "link": _("Link"),
        "list": _("One of a list"),
        "multi": _("Several of a list"),
    }[kind]


def subject_words(subject: str) -> str:
    return {"conversations": _("Conversations"), "contacts": _("Contacts")}[subject]
