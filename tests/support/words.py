"""What the pages say, by their English texts: tests in Spanish know a button by its translation."""

from __future__ import annotations

import gettext
from dataclasses import dataclass

from chatapp.common.i18n import compiled_catalogues

_DESK = {"viewport": {"width": 1440, "height": 900}}
_PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@dataclass(frozen=True)
class Surroundings:
    """A language and a device: how somebody sees the pages. `options` are playwright's, of their browser."""

    locale: str
    options: dict[str, object]

    def say(self, text: str, **values: object) -> str:
        """A text as they read it. Raises `KeyError` for one that has no translation."""
        if self.locale == "en":
            return text % values if values else text
        found = gettext.translation("messages", compiled_catalogues(), [self.locale]).gettext(text)
        if found == text and text not in _SAME_IN_BOTH:
            raise KeyError(text)
        return found % values if values else found


_SAME_IN_BOTH = ("Logo",)
ENGLISH_DESK = Surroundings("en", {"locale": "en-GB", **_DESK})
SPANISH_PHONE = Surroundings("es", {"locale": "es-ES", **_PHONE})
ENGLISH_PHONE = Surroundings("en", {"locale": "en-GB", **_PHONE})
SPANISH_DESK = Surroundings("es", {"locale": "es-ES", **_DESK})
