"""A working day without a mouse: everything answers to keys, and the focus is always somewhere that makes sense."""

import re

from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, Company, visitor_writes
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer

_FOCUS_IS_SEEN = """element => {
  const drawn = [getComputedStyle(element), getComputedStyle(element, "::after")];
  const ring = drawn.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && outlineWidth !== "0px");
  return element.matches(":focus-visible") && (ring || element.closest(".composer:focus-within") !== null);
}"""


def test_a_day_by_keyboard(page: Page, live_server: LiveServer, company: Company) -> None:
    for name in ("Bruno", "Clara"):
        visitor_writes(live_server.app, company, f"I am {name}.", name=name)
    keys = page.keyboard

    page.goto(f"{live_server.url}/login")
    keys.type(company.email("agent"))
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Your workspaces")).to_be_visible()
    tab_to(page, "Acme")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Hello, Agent")).to_be_visible()
    keys.press("g")
    keys.press("i")
    inbox = InboxPage(page, live_server, company)
    inbox.expect_state("live")

    # Down the list, quickly, and up again. The focus goes along.
    expect(inbox.names).to_have_text(["Clara", "Bruno", "Ada"])
    keys.press("j")
    keys.press("j")
    keys.press("j")
    expect_open(inbox, "Ada")
    keys.press("k")
    expect_open(inbox, "Bruno")
    expect_focus(page, "Bruno")

    # Reply: the box keeps the focus for the next sentence.
    keys.press("r")
    expect_focus(page, "Reply")
    keys.type("Hello Bruno.")
    keys.press("Enter")
    keys.type("How can I help?")
    keys.press("Control+Enter")
    expect(inbox.said).to_have_text([re.compile("I am Bruno."), re.compile(r"Hello Bruno\.\s*How can I help\?")])
    expect_focus(page, "Reply")
    expect(inbox.composer).to_have_value("")
    keys.press("Escape")

    keys.press("n")
    expect_focus(page, "Private note")
    keys.type("He rang yesterday.")
    keys.press("Control+Enter")
    expect(inbox.thread.locator(".note__text")).to_have_text("He rang yesterday.")
    keys.press("Escape")

    keys.press("a")
    expect_focus(page, "Search people and teams")
    keys.press("Enter")
    expect(inbox.activities).to_have_text(["Agent took this"])
    keys.press("e")
    expect(inbox.activities).to_have_text(["Agent took this", "Agent closed this"])
    expect(inbox.names).to_have_text(["Clara", "Ada"])

    # The next one is where the closed one was: the answer had brought Bruno to the top.
    keys.press("j")
    expect_open(inbox, "Clara")
    expect_focus(page, "Clara")
    inbox.expect_said(["I am Clara."])
    keys.press("e")
    expect(inbox.names).to_have_text(["Ada"])
    expect_focus(page, "Ada")
    keys.press("e")
    expect(inbox.names).to_have_text(["Clara", "Ada"])
    expect(inbox.activities).to_have_text(["Agent closed this", "Agent opened this again"])

    # Without shortcuts too: the button that was pressed becomes the other one under the finger.
    page.get_by_role("button", name="Close", exact=True).focus()
    keys.press("Enter")
    expect_focus(page, "Reopen")
    keys.press("Enter")
    expect_focus(page, "Close")

    keys.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard")
    expect(help_).to_be_visible()
    keys.press("j")
    keys.press("Escape")
    expect(help_).to_be_hidden()
    expect_open(inbox, "Clara")
    expect_focus(page, "Close")


def expect_open(inbox: InboxPage, name: str) -> None:
    expect(inbox.page.get_by_role("region", name=f"Conversation with {name}", exact=True)).to_be_visible()
    expect(inbox.row(name).get_by_role("link")).to_have_attribute("aria-current", "true")


def expect_focus(page: Page, name: str) -> None:
    """What has the focus is called so, and one can see that it has it."""
    expect(page.locator(":focus")).to_have_accessible_name(name)
    page.wait_for_function(f"() => ({_FOCUS_IS_SEEN})(document.activeElement)")


def tab_to(page: Page, name: str, most: int = 12) -> None:
    focused = page.locator(":focus")
    for _ in range(most):
        page.keyboard.press("Tab")
        if name in focused.inner_text():
            return
    raise AssertionError(f"{most} tabs did not lead to {name}")
