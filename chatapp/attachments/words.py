"""Attachments as people see them: sizes in their language, pictures in the space that a thread has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal

_SPACE = (320, 240)
_UNITS = ("B", "kB", "MB")


def file_size(size: int) -> str:
    """`512 B`, `1.5 kB`, `25 MB`."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{format_decimal(round(amount, 1 if amount < 10 else 0))}\N{NO-BREAK SPACE}{_UNITS[unit]}"


def shown_size(facts: Mapping[str, Any]) -> tuple[int, int]:
    """Width and height in a thread, in CSS pixels: never larger than it is, and known before it is loaded."""
    width, height = facts["width"], facts["height"]
    scale = min(1.0, _SPACE[0] / width, _SPACE[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))
