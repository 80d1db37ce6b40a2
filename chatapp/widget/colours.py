"""Colour arithmetic in OKLCH, where equal steps look equal: enough to derive a whole theme from one accent.

Source of the matrices: Björn Ottosson, "A perceptual color space for image processing" (2020). Contrast as in WCAG 2.2.
"""

from dataclasses import dataclass, replace
from math import atan2, cos, hypot, sin


@dataclass(frozen=True)
class Colour:
    """Lightness 0 to 1, chroma 0 to about 0.37, hue in radians."""

    lightness: float
    chroma: float
    hue: float

    @classmethod
    def from_hex(cls, text: str) -> "Colour":
        red, green, blue = (_linear(int(text[at : at + 2], 16) / 255) for at in (1, 3, 5))
        long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
        medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
        short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
        a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
        b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
        lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
        return cls(lightness, hypot(a, b), atan2(b, a))

    def shade(self, *, lightness: float, chroma: float = 1.0) -> "Colour":
        """The same hue at another lightness, its chroma multiplied."""
        return replace(self, lightness=min(1.0, max(0.0, lightness)), chroma=self.chroma * chroma)

    @property
    def hex(self) -> str:
        return "#" + "".join(f"{round(_gamma(channel) * 255):02x}" for channel in self._fitted())

    @property
    def luminance(self) -> float:
        red, green, blue = self._fitted()
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(self, other: "Colour") -> float:
        """1 to 21."""
        low, high = sorted((self.luminance, other.luminance))
        return (high + 0.05) / (low + 0.05)

    def _fitted(self) -> tuple[float, float, float]:
        """Linear sRGB; what the screen cannot show loses chroma, not hue."""
        colour = self
        while min(colour._linear_rgb()) < -0.001 or max(colour._linear_rgb()) > 1.001:
            colour = replace(colour, chroma=colour.chroma * 0.96)
        red, green, blue = (min(1.0, max(0.0, channel)) for channel in colour._linear_rgb())
        return red, green, blue

    def _linear_rgb(self) -> tuple[float, float, float]:
        a, b = self.chroma * cos(self.hue), self.chroma * sin(self.hue)
        long = (self.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (self.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (self.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        return (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
