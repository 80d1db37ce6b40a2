"""A working day without a mouse: everything answers to keys, and the focus is always somewhere that makes sense."""

import re

from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, Company, inside, make_macro, visitor_writes
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer

_FOCUS_IS_SEEN = """element => {
  const drawn = [getComputedStyle(element), getComputedStyle(element, "::after")];
  const ring = drawn.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && outlineWidth !== "0px");
  return element.matches(":focus-visible") && (ring || element.closest(".composer:focus-within, .palette") !== null);
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


def test_twenty_conversations_are_seen_to_without_a_mouse(
    inbox: InboxPage, live_server: LiveServer, company: Company
) -> None:
    """Each of them in another way; wherever a key leads, the focus is there to be seen, and nothing is in axe's way."""
    with inside(live_server.app, company) as it:
        for number in range(19):
            it.another_conversation(f"I am number {number}.", name=f"Person {number}")
        make_macro(company, status="closed")
    expect(inbox.names).to_have_count(20)
    page = inbox.page
    ways = [answer, put_off, take, label, run_macro, note, prioritise, by_palette]
    for left, way in zip(range(20, 12, -1), ways, strict=True):
        expect(inbox.names).to_have_count(left)
        press(page, "j")
        expect(inbox.rows.first.get_by_role("link")).to_have_attribute("aria-current", "true")
        expect_open(inbox, inbox.names.first.inner_text())
        way(inbox)
    expect(inbox.names).to_have_count(12)
    several(inbox)
    expect(inbox.names).to_have_count(6)
    page.reload()  # so that the first one is next
    inbox.expect_state("live")
    for left in range(6, 0, -1):
        expect(inbox.names).to_have_count(left)
        inbox.page.keyboard.press("j")
        expect_open(inbox, inbox.names.first.inner_text())
        press(page, "e")
    expect(inbox.page.get_by_text("No conversation yet")).to_be_visible()
    expect(inbox.view_count("All")).to_have_text("0")
    expect(inbox.view_count("Snoozed")).to_have_text("1")
    assert inspect(page, "emptied", thorough=False) == []


def press(page: Page, *keys: str) -> None:
    """And see where the focus is."""
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function(f"() => ({_FOCUS_IS_SEEN})(document.activeElement)")


def answer(inbox: InboxPage) -> None:
    press(inbox.page, "r")
    expect_focus(inbox.page, "Reply")
    inbox.page.keyboard.type("Done.")
    press(inbox.page, "Control+Enter")
    expect(inbox.said).to_have_count(2)
    press(inbox.page, "Escape")
    press(inbox.page, "e")


def put_off(inbox: InboxPage) -> None:
    press(inbox.page, "h")
    expect(inbox.page.get_by_role("button", name="In an hour")).to_be_focused()
    press(inbox.page, "Enter")


def take(inbox: InboxPage) -> None:
    press(inbox.page, "a")
    expect_focus(inbox.page, "Search people and teams")
    press(inbox.page, "Enter")
    expect(inbox.activities).to_have_text(["Agent took this"])
    press(inbox.page, "e")


def label(inbox: InboxPage) -> None:
    press(inbox.page, "l")
    expect_focus(inbox.page, "Search labels")
    expect(inbox.page.get_by_role("dialog", name="Labels").get_by_role("button", name="billing")).to_be_visible()
    inbox.page.keyboard.type("bil")
    press(inbox.page, "Enter")
    expect(inbox.activities).to_have_text(["Agent added the label billing"])
    expect(inbox.rows.first.locator(".label-chip")).to_have_text(["billing"])
    press(inbox.page, "Escape", "Escape")  # what was typed goes first
    expect(inbox.page.get_by_role("dialog", name="Labels")).to_be_hidden()
    press(inbox.page, "e")


def run_macro(inbox: InboxPage) -> None:
    press(inbox.page, "m")
    expect(inbox.page.get_by_role("button", name="Refund")).to_be_visible()
    assert inspect(inbox.page, "macros", thorough=False) == []
    press(inbox.page, "Enter")


def note(inbox: InboxPage) -> None:
    press(inbox.page, "n")
    expect_focus(inbox.page, "Private note")
    inbox.page.keyboard.type("Seen to by phone.")
    press(inbox.page, "Control+Enter")
    expect(inbox.said).to_have_count(2)
    press(inbox.page, "Escape")
    press(inbox.page, "e")


def prioritise(inbox: InboxPage) -> None:
    press(inbox.page, "p")
    expect_focus(inbox.page, "Urgent")
    press(inbox.page, "Enter")
    expect(inbox.activities).to_have_text(["Agent set the priority to urgent"])
    press(inbox.page, "e")


def by_palette(inbox: InboxPage) -> None:
    press(inbox.page, "Control+k")
    inbox.page.keyboard.type("close or")
    expect(inbox.page.get_by_role("option", name="Close or reopen")).to_be_visible()
    press(inbox.page, "Enter")


def several(inbox: InboxPage) -> None:
    """Six of twelve at once."""
    press(inbox.page, "j")
    expect_open(inbox, inbox.names.first.inner_text())
    press(inbox.page, "x")
    for _more in range(5):
        press(inbox.page, "j")
    press(inbox.page, "Shift+X")
    expect(inbox.page.get_by_role("toolbar")).to_contain_text("6 chosen")
    press(inbox.page, "e")
    expect(inbox.page.locator(".toast").last).to_contain_text("6 conversations closed.")
