"""The names that people's files have, made fit to be shown, stored and put into a header."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

LONGEST = 120
_LONGEST_ENDING = 12
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""What turns the direction of writing: with it a program reads as a text. Letters that run from right to left stay."""


def safe_name(raw: str, *, otherwise: str) -> str:
    """The name without folders, control characters and turns, of at most `LONGEST` characters; its ending is kept."""
    text = raw.encode(errors="replace").decode().replace("\\", "/").rpartition("/")[2]
    text = "".join(letter for letter in unicodedata.normalize("NFC", text) if _is_shown(letter))
    text = " ".join(text.split()).strip(" .")
    return _cut(text) or otherwise


def _is_shown(letter: str) -> bool:
    return letter not in _TURNS and (letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Zl"))


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    ending = PurePosixPath(text).suffix
    if not 1 < len(ending) <= _LONGEST_ENDING:
        return text[:LONGEST]
    return text[: LONGEST - len(ending) - 1].rstrip() + "…" + ending
