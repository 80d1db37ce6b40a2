"""Colours in words."""

from __future__ import annotations

from flask_babel import gettext as _


def colour_words(colour: str) -> str:
    return {
        "red": _("Red"),
        "orange": _("Orange"),
        "amber": _("Amber"),
        "lime": _("Lime"),
        "green": _("Green"),
        "teal": _("Teal"),
        "sky": _("Sky blue"),
        "iris": _("Iris"),
        "purple": _("Purple"),
        "pink": _("Pink"),
        "grey": _("Grey"),
    }[colour]
