"""Which parts of a text are marked as found. Plain pieces: templates write them like any stranger's words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
_LEXEME = re.compile(r"'((?:[^']|'')+)'")
_LEAD = 40
_LENGTH = 160
_SHORTEST_STEM = 3


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, and whether it is what was looked for."""

    text: str
    is_found: bool


@dataclass(frozen=True)
class Asked:
    """The beginnings of words that were looked for: as they were typed, and what is common to their forms."""

    beginnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, words: str, query: str) -> Asked:
        """`query` is what Postgres made of the words: its lexemes hold the stems."""
        typed = {plain(word) for word in _WORD.findall(words.replace("_", " "))}
        stems = {plain(lexeme) for lexeme in _LEXEME.findall(query)}
        return cls(tuple(sorted(typed | {stem for stem in stems if len(stem) >= _SHORTEST_STEM})))

    def pieces(self, text: str) -> list[Piece]:
        """The whole text."""
        return list(self._cut(text))

    def snippet(self, text: str) -> list[Piece]:
        """What stands around the first word that was found, in one line; the text's beginning if none was."""
        line = " ".join(text.split())
        first = next((match.start() for match in _WORD.finditer(line) if self._matches(match.group())), 0)
        start = _beginning(line, first)
        pieces = self.pieces(line[start : start + _LENGTH])
        return [*([Piece("… ", is_found=False)] if start else []), *pieces]

    def _cut(self, text: str) -> Iterator[Piece]:
        end = 0
        for match in _WORD.finditer(text):
            if self._matches(match.group()):
                if match.start() > end:
                    yield Piece(text[end : match.start()], is_found=False)
                yield Piece(match.group(), is_found=True)
                end = match.end()
        if end < len(text):
            yield Piece(text[end:], is_found=False)

    def _matches(self, word: str) -> bool:
        return bool(self.beginnings) and plain(word).startswith(self.beginnings)


def _beginning(line: str, first: int) -> int:
    """Where a word begins, a little before that place."""
    if first <= _LEAD:
        return 0
    blank = line.find(" ", first - _LEAD, first)
    return first if blank < 0 else blank + 1


def plain(text: str) -> str:
    """Small letters without accents, as Postgres keeps them."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))
