"""Looks at a page as an inspector does: axe in light and dark, and no page scrolls sideways, from phone to desktop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page

SIZES = {"phone": (390, 844), "tablet": (1024, 768), "desktop": (1440, 900)}
Scheme = Literal["light", "dark"]
_PICTURES = [[".landing__scene"], [".entry__scene"]]  # drawings of the product, hidden from readers
_GRAVE = ("serious", "critical")
_OPTIONS = {"resultTypes": ["violations"]}
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

_THOROUGH: dict[str, Scheme] = {"phone": "dark", "desktop": "light"}
_QUICK: dict[str, Scheme] = {"desktop": "light"}
_axe = Axe()


def measure(page: Page, name: str) -> list[str]:
    """Where a page scrolls sideways, each in one line."""
    return [f"{name}, {fault}" for fault in _faults(page, page.main_frame, {})]


def inspect(page: Page, name: str, frame: Frame | None = None, *, thorough: bool = True) -> list[str]:
    """The faults of a page, or of a frame in it, each in one line; `name` is how the page is called there.

    Each size and each scheme is seen by axe once (colours do not depend on the size); not thorough is one of them.
    """
    page.emulate_media(reduced_motion="reduce")
    found = list(_faults(page, frame or page.main_frame, _THOROUGH if thorough else _QUICK))
    return [f"{name}, {fault}" for fault in found]


def _faults(page: Page, frame: Frame, schemes: dict[str, Scheme]) -> Iterator[str]:
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        excess = page.evaluate(_SIDEWAYS)
        if excess > 0:
            yield f"{size}: scrolls {excess} px sideways"
        if size in schemes:
            page.emulate_media(color_scheme=schemes[size])
            yield from (f"{size}: {violation}" for violation in _violations(frame))


def _violations(frame: Frame) -> Iterator[str]:
    for violation in _axe.run(frame, {"exclude": _PICTURES}, _OPTIONS).response["violations"]:
        if violation["impact"] in _GRAVE:
            for node in violation["nodes"]:
                yield f"{violation['id']} at {' '.join(node['target'])}: {node['failureSummary']}"
