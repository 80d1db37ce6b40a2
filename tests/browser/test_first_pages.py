"""The pages that everybody can open, in a real browser: nothing is refused, nothing fails."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PageFaults
from tests.support.live import LiveServer


@pytest.mark.parametrize("path", ["/", "/login", "/register", "/styleguide"])
def test_a_public_page_opens_without_a_fault(page: Page, live_server: LiveServer, path: str) -> None:
    answer = page.goto(live_server.url + path)
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("main")).to_be_visible()


def test_a_page_that_breaks_the_policy_is_noticed(page: Page, live_server: LiveServer, page_faults: PageFaults) -> None:
    page.goto(f"{live_server.url}/login")
    with page.expect_console_message():
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<i style=color:red>x</i>')")
    assert any("Content Security Policy" in fault for fault in page_faults.seen)
    page_faults.seen.clear()
