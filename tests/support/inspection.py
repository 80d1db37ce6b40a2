"""Looks at a page as an inspector does: axe, contrast in light and dark, and no page scrolls sideways on any screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page

SIZES = {"phone": (390, 844), "tablet": (1024, 768), "desktop": (1440, 900)}
Scheme = Literal["light", "dark"]
_PICTURES = [[".landing__scene"], [".entry__scene"]]  # drawings of the product, hidden from readers
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
_CONTRAST = {**_EVERYTHING, "runOnly": ["color-contrast"]}
_RUN = """async ([context, options]) => (await axe.run(context, options)).violations
  .flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${node.target.join(" ")}: ${node.failureSummary}`))"""
_IS_THERE = "'axe' in window"

# Each size that axe sees, and how: everything in one scheme, and in the other what depends on it, the colours.
_Looks = dict[str, tuple[tuple[Scheme, dict[str, Any]], ...]]
_THOROUGH: _Looks = {"phone": (("dark", _EVERYTHING),), "desktop": (("light", _EVERYTHING),)}
_QUICK: _Looks = {"desktop": (("light", _EVERYTHING), ("dark", _CONTRAST))}
_script = Axe().axe_script


def measure(page: Page, name: str) -> list[str]:
    """Where a page scrolls sideways, each in one line."""
    return [f"{name}, {fault}" for fault in _faults(page, page.main_frame, {})]


def inspect(page: Page, name: str, frame: Frame | None = None, *, thorough: bool = True) -> list[str]:
    """The faults of a page, or of a frame in it, each in one line; `name` is how the page is called there.

    Its colours are seen in both schemes. Thorough is all of it on a phone as well.
    """
    page.emulate_media(reduced_motion="reduce")
    found = list(_faults(page, frame or page.main_frame, _THOROUGH if thorough else _QUICK))
    return [f"{name}, {fault}" for fault in found]


def _faults(page: Page, frame: Frame, looks: _Looks) -> Iterator[str]:
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        excess = page.evaluate(_SIDEWAYS)
        if excess > 0:
            yield f"{size}: scrolls {excess} px sideways"
        for scheme, options in looks.get(size, ()):
            page.emulate_media(color_scheme=scheme)
            yield from (f"{size} in {scheme}: {violation}" for violation in _violations(frame, options))


def _violations(frame: Frame, options: dict[str, Any]) -> list[str]:
    if not frame.evaluate(_IS_THERE):
        frame.evaluate(_script)
    found: list[str] = frame.evaluate(_RUN, [{"exclude": _PICTURES}, options])
    return found
