"""The room that a request gets: most bodies are small, and only views that say so take more, from who is logged in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., object])


def takes(most: int) -> Callable[[View], View]:
    """Mark a view that reads up to so many bytes: it refuses what is too large with a sentence of its own."""

    def mark(view: View) -> View:
        view.__takes_bytes__ = most  # type: ignore[attr-defined]
        return view

    return mark


def init_app(app: Flask) -> None:
    app.url_value_preprocessor(_make_room)


def _make_room(endpoint: str | None, _values: object) -> None:
    most = getattr(current_app.view_functions.get(endpoint or ""), "__takes_bytes__", None)
    if most is not None and current_user.is_authenticated:
        request.max_content_length = most
