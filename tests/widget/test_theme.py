"""Whatever colour a shop chooses, its visitors can read what is written on it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.widget.colours import Colour
from chatapp.widget.theme import DARK_PANEL, LIGHT_PANEL, properties

accents = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def colours(value: str) -> list[Colour]:
    return [Colour.from_hex(text) for text in re.findall(r"#[0-9a-f]{6}", value)]


@given(accents)
def test_text_on_the_accent_is_readable_in_light_and_dark(accent):
    theme = properties(accent)
    for ground, text in zip(colours(theme["--brand-solid"]), colours(theme["--on-brand-solid"]), strict=True):
        assert text.contrast(ground) >= 4.5


@given(accents)
def test_the_accent_as_text_is_readable_on_both_panels(accent):
    on_light, on_dark = colours(properties(accent)["--brand-text"])
    assert on_light.contrast(LIGHT_PANEL) >= 4.5
    assert on_dark.contrast(DARK_PANEL) >= 4.5


@given(accents)
def test_the_header_keeps_its_contrast_along_the_gradient(accent):
    theme = properties(accent)
    text = Colour.from_hex(theme["--on-brand"])
    assert all(text.contrast(Colour.from_hex(theme[end])) >= 4.5 for end in ("--brand-from", "--brand-to"))


@pytest.mark.parametrize("accent", ["#115c45", "#e4572e", "#ffffff", "#000000", "#5b5bd6"])
def test_a_colour_survives_the_journey_through_oklch(accent):
    assert Colour.from_hex(accent).hex == accent
