"""Targets in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

_HOUR = 60


def kind_words(kind: str) -> str:
    return {"first_response": _("First answer"), "next_response": _("Next answer"), "resolution": _("Close")}[kind]


def span_words(minutes: int) -> str:
    """Two hours, ninety minutes: as it was typed."""
    if minutes % _HOUR == 0:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // _HOUR)
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)
