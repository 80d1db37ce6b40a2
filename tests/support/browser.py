"""A real Chromium, and pages that fail their test when something in them goes wrong unseen."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright

from tests.support import chromium

# Without these Chromium looks for its maker's servers at every start.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
_REFUSED_FORM = re.compile(r"status of 422")  # a form that was refused; the test looks at the form itself


@dataclass
class PageFaults:
    """What went wrong in the pages of a test: errors on the console, CSP violations, exceptions."""

    allowed: list[re.Pattern[str]] = field(default_factory=lambda: [_REFUSED_FORM])
    seen: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Expect a fault: a test that cuts the network, for one, allows `ERR_INTERNET_DISCONNECTED`."""
        self.allowed.append(re.compile(pattern))

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self._note(str(error.error)))

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"{message.text} ({message.location.get('url', '')})")

    def _note(self, fault: str) -> None:
        if not any(pattern.search(fault) for pattern in self.allowed):
            self.seen.append(fault)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of a pytest worker."""
    path = chromium.find()
    if path is None:
        pytest.skip(chromium.MISSING)
    with sync_playwright() as playwright:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = playwright.chromium.launch(executable_path=path, args=[*QUIET, *root])
        expect.set_options(timeout=10_000)  # a busy machine; what is there already is seen at once
        yield launched
        launched.close()


@pytest.fixture
def page_faults() -> Iterator[PageFaults]:
    faults = PageFaults()
    yield faults
    assert faults.seen == [], "pages reported errors"


@pytest.fixture
def new_context(browser: Browser, page_faults: PageFaults) -> Iterator[Callable[..., BrowserContext]]:
    """Makes people: each context is a browser of its own, with its own cookies. Takes playwright's options."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**{"locale": "en-GB", **options})  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        page_faults.watch(context)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        _close(context)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """One window of one person."""
    return new_context().new_page()


@pytest.fixture
def other_page(new_context: Callable[..., BrowserContext]) -> Page:
    """A window of somebody else."""
    return new_context().new_page()


def _close(context: BrowserContext) -> None:
    try:
        context.close()
    except Error:  # the test killed the browser
        return
