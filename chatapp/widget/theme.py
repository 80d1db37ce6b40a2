"""One colour in, a readable theme out: tints, the dark variant and the text on top all follow from the accent."""

import re
from dataclasses import dataclass

from chatapp.widget.colours import Colour

WHITE = Colour.from_hex("#ffffff")
INK = Colour.from_hex("#000000")
LIGHT_PANEL = Colour.from_hex("#ebeeee")
DARK_PANEL = Colour.from_hex("#272c2c")
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
READABLE = 4.55  # WCAG asks for 4.5; the rest is for rounding to eight bits


def properties(accent: str) -> dict[str, str]:
    """The custom properties of `panel.css`, from `#rrggbb`."""
    brand = Colour.from_hex(accent)
    on_brand = _readable_on(brand)
    # The header's gradient leads away from the text's lightness, so that its whole length stays readable.
    step = -0.05 if on_brand is WHITE else 0.05
    start, end = (brand.shade(lightness=brand.lightness + move) for move in (0, step))
    dark_solid = brand.shade(lightness=max(brand.lightness, 0.47))
    return {
        "--brand": accent,
        "--on-brand": on_brand.hex,
        "--brand-from": start.hex,
        "--brand-to": end.hex,
        "--brand-solid": _both(brand, dark_solid),
        "--on-brand-solid": _both(on_brand, _readable_on(dark_solid)),
        "--brand-soft": _both(brand.shade(lightness=0.955, chroma=0.22), brand.shade(lightness=0.3, chroma=0.5)),
        "--brand-text": _both(_until_readable(brand, LIGHT_PANEL, -0.02), _until_readable(brand, DARK_PANEL, 0.02)),
    }


def stylesheet(accent: str, color_scheme: str) -> str:
    rules = {"color-scheme": color_scheme, **properties(accent)}
    return f":root{{{';'.join(f'{name}:{value}' for name, value in rules.items())}}}"


def ink_on(accent: str) -> Colour:
    """The colour of the text on it: white or black."""
    return _readable_on(Colour.from_hex(accent))


def _both(light: Colour, dark: Colour) -> str:
    return f"light-dark({light.hex},{dark.hex})"


def _readable_on(ground: Colour) -> Colour:
    """White where it can be read, for that is what looks right on a colour; ink where it is the better of the two."""
    return WHITE if WHITE.contrast(ground) >= READABLE else max((WHITE, INK), key=ground.contrast)


def _until_readable(colour: Colour, ground: Colour, step: float) -> Colour:
    while colour.contrast(ground) < READABLE:
        colour = colour.shade(lightness=colour.lightness + step)
    return colour


@dataclass(frozen=True)
class Contrast:
    """How the text on a colour reads: whether it is white, and its ratio, 1 to 21."""

    is_white: bool
    ratio: float


def contrast_on(accent: str) -> Contrast:
    ink = ink_on(accent)
    return Contrast(ink is WHITE, ink.contrast(Colour.from_hex(accent)))


def normalised(text: str) -> str | None:
    """A colour as `#rrggbb`, from `#RGB` or `#RRGGBB`, with or without the sign; None for anything else."""
    found = _HEX.fullmatch(text)
    if found is None:
        return None
    short = found[1].lower()
    return f"#{''.join(digit * (6 // len(short)) for digit in short)}"
