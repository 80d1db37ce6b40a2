"""Every colour of a label stands out from what it lies on, in light and in dark: computed from the style itself."""

import math
import re
from pathlib import Path

import pytest

from chatapp.labels.models import COLOURS

CSS = Path("chatapp/static/css/ui/label-dot.css").read_text()
SURFACES = {"light": (0.957, 0.014, 272), "dark": (0.285, 0.011, 265)}  # the selected row, the raised menu: the nearest
LEAST = 3.0  # WCAG 2.2, 1.4.11


def luminance(lightness: float, chroma: float, hue: float) -> float:
    """Of an OKLCH colour, by Ottosson's matrices; what no screen can show is cut off."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return sum(w * min(1, max(0, c)) for w, c in zip((0.2126, 0.7152, 0.0722), (red, green, blue), strict=True))


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def look(colour: str) -> tuple[float, float]:
    """Its hue and chroma, with the defaults of the component where it says nothing."""
    own = re.search(rf'\[data-hue="{colour}"\] {{(.*?)}}', CSS)
    assert own, f"{colour} has no look"
    knobs = dict(re.findall(r"--label-(\w+): ([\d.]+)", own.group(1)))
    return float(knobs["hue"]), float(knobs.get("chroma", ".14"))


@pytest.mark.parametrize("colour", COLOURS)
def test_it_stands_out(colour: str) -> None:
    hue, chroma = look(colour)
    lights = re.search(r"--label-light: ([\d.]+)", CSS), re.search(r"oklch\(([\d.]+) var\(--label-chroma\)", CSS)
    for light, surface in zip(lights, SURFACES.values(), strict=True):
        assert light
        seen = contrast(luminance(float(light.group(1)), chroma, hue), luminance(*surface))
        assert seen >= LEAST, f"{colour}: {seen:.2f}"


def test_white_on_black_is_known() -> None:
    assert contrast(luminance(1, 0, 0), luminance(0, 0, 0)) == pytest.approx(21, abs=0.01)
