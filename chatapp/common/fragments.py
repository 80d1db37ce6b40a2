"""Fragments for sockets: rendered once per audience and locale, never once per viewer.

A fragment's template uses only what it is given. It knows no request and no current user, so that the same bytes are
right for everybody who receives them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import current_app

from chatapp.common.i18n import LOCALES, speaking


def render_each_locale(template: str, **context: Any) -> Iterator[tuple[str, str]]:
    """Yield (locale, html) for every locale that an audience may have chosen."""
    compiled = current_app.jinja_env.get_template(template)
    for locale in LOCALES:
        with speaking(locale):
            yield locale, compiled.render(**context)
