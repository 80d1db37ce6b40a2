"""What a widget says that an owner may say in their own words, in each language, and what they have to keep to.

A blank such as `{when}` is filled in by the widget.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from chatapp.common.i18n import speaking

_BLANK = re.compile(r"\{[^{}\s]*\}|%\(|\{|\}")
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Word:
    """One sentence: what the settings call it, what we say, how long it may be, and which blanks it must have."""

    name: str
    title: LazyString
    default: LazyString | str
    most: int
    blanks: tuple[str, ...] = ()
    is_long: bool = False
    is_rare: bool = False
    """Whether the settings keep it among those that are opened first."""

    def default_in(self, locale: str) -> str:
        with speaking(locale):
            return str(self.default)

    def problem_of(self, text: str) -> str | None:
        """A sentence about what is wrong with it."""
        if len(text) > self.most:
            return _("Use at most %(count)s characters.", count=self.most)
        if _UNSEEN.search(text) or ("\n" in text and not self.is_long):
            return _("Use plain text in one line.")
        found = set(_BLANK.findall(text))
        wanted = {f"{{{blank}}}" for blank in self.blanks}
        if strange := sorted(found - wanted):
            return _("Nothing is filled in for “%(blank)s” here.", blank=strange[0])
        if missing := sorted(wanted - found):
            return _("Keep “%(blank)s”: the widget fills it in.", blank=missing[0])
        return None


WORDS = (
    Word("greeting", _l("Greeting"), _l("Hi there,\nhow can we help?"), 80, is_long=True),
    Word("intro", _l("A sentence below it"), "", 160),
    Word("write", _l("Invitation to write"), _l("Send us a message"), 40),
    Word("placeholder", _l("In the empty box"), _l("Write a message…"), 40),
    Word("launcher", _l("Words on the launcher"), _l("Chat with us"), 30),
    Word(
        "replies", _l("How soon you reply"), _l("Usually replies %(when)s", when="{when}"), 60, ("when",), is_rare=True
    ),
    Word("away", _l("While you cannot say how soon"), _l("We answer as soon as we can"), 80, is_rare=True),
    Word(
        "back",
        _l("Outside of business hours"),
        _l("We are back %(day)s at %(time)s", day="{day}", time="{time}"),
        80,
        ("day", "time"),
        is_rare=True,
    ),
    Word("rate", _l("Question for the rating"), _l("How did %(name)s do?", name="{name}"), 80, ("name",), is_rare=True),
    Word("thanks", _l("Thanks for the rating"), _l("Thank you for telling us."), 80, is_rare=True),
)
