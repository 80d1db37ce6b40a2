"""Which parts of a text are marked."""

import pytest

from chatapp.search.marks import Asked


def marked(asked: Asked, text: str) -> str:
    return "".join(f"[{piece.text}]" if piece.is_found else piece.text for piece in asked.pieces(text))


@pytest.mark.parametrize(
    ("words", "query", "text", "expected"),
    [
        ("lamp", "'lamp':*", "Two lamps, a Lamp", "Two [lamps], a [Lamp]"),
        ("envio", "'envio':* | 'envi'", "¿Hacéis envíos?", "¿Hacéis [envíos]?"),
        ("refunding", "'refunding':* | 'refund'", "my refund", "my [refund]"),
        ("a.b@c.example", "'a' & 'b':*", "x <b>b</b>", "x <[b]>[b]</[b]>"),
        ("is", "'is':* | 'i'", "it is", "it [is]"),
    ],
)
def test_words_are_marked_in_their_forms(words: str, query: str, text: str, expected: str) -> None:
    assert marked(Asked.of(words, query), text) == expected


def test_a_snippet_stands_around_what_was_found() -> None:
    asked = Asked.of("needle", "'needle':*")
    text = "\n".join(["hay"] * 60) + " needle " + " ".join(["hay"] * 60)
    pieces = asked.snippet(text)
    assert [piece.text for piece in pieces if piece.is_found] == ["needle"]
    whole = "".join(piece.text for piece in pieces)
    assert whole.startswith("… hay hay")
    assert "\n" not in whole
    assert len(whole) < 180


def test_a_snippet_of_a_text_without_blanks_or_hits() -> None:
    asked = Asked.of("needle", "'needle':*")
    assert "".join(piece.text for piece in asked.snippet("x" * 500)) == "x" * 160
    assert [piece.text for piece in asked.snippet("y" * 50 + "-" * 50 + "needle")][1:] == ["needle"]
    assert asked.snippet("") == []
