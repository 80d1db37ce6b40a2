"""Spanish and English. The person's choice decides, else the browser's wish, else English.

Catalogues are kept as text (`chatapp/translations/<locale>/LC_MESSAGES/messages.po`) and compiled at the first boot
into a temporary folder named by their content, so there is no compiled file to forget.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from babel.dates import format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale
from flask_login import current_user

LOCALES = ("en", "es")
LOCALE_NAMES = {"en": "English", "es": "Español"}
COOKIE = "locale"
_SOURCES = Path(__file__).parent.parent / "translations"


def init_app(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compiled_catalogues())
    Babel(app, default_locale="en", default_timezone="UTC", locale_selector=choose_locale)
    app.jinja_env.filters["span"] = span
    app.jinja_env.globals.update(locale=lambda: str(get_locale() or "en"), locale_names=LOCALE_NAMES)


def choose_locale() -> str:
    """The locale of the current request; `en` outside of one."""
    if not has_request_context():
        return "en"
    chosen = g.get("locale") or getattr(current_user, "locale", None)
    return str(chosen) if chosen in LOCALES else _wish_of_browser()


def trust_browser() -> None:
    """Ask nobody else from here on: the person's own choice is in a database that does not answer."""
    g.locale = g.get("locale") or _wish_of_browser()


def _wish_of_browser() -> str:
    cookie = request.cookies.get(COOKIE)
    return cookie if cookie in LOCALES else request.accept_languages.best_match(LOCALES) or "en"


def span(length: timedelta) -> str:
    """How long something took, in the reader's words: `4 min`."""
    return format_timedelta(length, format="short", locale=get_locale() or "en")


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Render the block in this locale, whoever asked for it."""
    with force_locale(locale):
        yield


def compiled_catalogues() -> Path:
    """The folder that holds the compiled catalogues, made if it is not there yet."""
    sources = sorted(_SOURCES.glob("*/LC_MESSAGES/messages.po"))
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"chatapp-translations-{os.getuid()}-{digest}"
    for source in sources:
        target = folder / source.relative_to(_SOURCES).with_suffix(".mo")
        if not target.exists():
            _compile(source, target)
    return folder


def _compile(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parent.parent.name)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        write_mo(file, catalogue)
    Path(file.name).replace(target)
