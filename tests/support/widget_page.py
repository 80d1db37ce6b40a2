"""A visitor in front of a page that has the widget, as a browser test drives it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import FrameLocator, Locator, Page, expect


class WidgetPage:
    """One window of a visitor; the panel opens with `open`."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def open(self) -> None:
        """Go to the page and press the launcher."""
        self.page.goto(self.address)
        self.page.locator("chatapp-widget").get_by_role("button").click()
        expect(self.box).to_be_visible()

    def say(self, text: str) -> None:
        """Write, on whichever screen the box is."""
        self.box.fill(text)
        self.panel.get_by_role("button", name="Send", exact=True).click()

    def expect_said(self, texts: Sequence[str | re.Pattern[str]]) -> None:
        """The thread shows exactly this, once each, in this order, and the server has all of it."""
        expect(self.said).to_have_text(list(texts))
        expect(self.panel.get_by_text("Sending…")).to_have_count(0)

    @property
    def panel(self) -> FrameLocator:
        return self.page.frame_locator("chatapp-widget iframe")

    @property
    def box(self) -> Locator:
        return self.panel.get_by_role("textbox", name="Message")

    @property
    def said(self) -> Locator:
        return self.panel.locator(".say__text")
