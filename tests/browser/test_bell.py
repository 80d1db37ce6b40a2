"""A visitor writes while the agent looks elsewhere: a sound, and a notification of the desktop, once for all tabs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.factories import Company, visitor_writes
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer

# What a headless browser cannot show is written down.
_LISTEN = """
    Object.assign(window, { notes: [], tones: 0, answer: "granted", claims: [] });
    class Note {
      static permission = "default";
      static async requestPermission() { return this.permission = window.answer; }
      constructor(title, { body }) { window.notes.push(`${title}: ${body}`); window.note = this; }
      close() {}
    }
    Object.defineProperty(window, "Notification", { value: Note });
    const { start } = AudioScheduledSourceNode.prototype;
    OscillatorNode.prototype.start = function (at) { window.tones += 1; start.call(this, at); };
    if (navigator.locks) navigator.locks.request = function (name, options, take) {
      const noted = (lock) => { window.claims.push(Boolean(lock)); return take(lock); };
      return LockManager.prototype.request.call(this, name, options, noted);
    };
"""


@pytest.fixture
def window(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """The agent's browser."""
    context = new_context()
    context.add_init_script(_LISTEN)
    return context


@pytest.fixture
def inbox(window: BrowserContext, live_server: LiveServer, company: Company) -> InboxPage:
    return InboxPage.of(window, live_server, company)


def turn_on(page: Page) -> None:
    page.get_by_role("button", name="Agent. Profile").click()
    page.get_by_role("switch", name="Notification of the desktop").check()
    page.get_by_role("switch", name="Sound").check()
    assert inspect(page, "alerts", thorough=False) == []
    page.keyboard.press("Escape")


def notes(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.notes")
    return found


def test_it_rings_for_what_is_not_before_the_agents_eyes(
    inbox: InboxPage, live_server: LiveServer, company: Company
) -> None:
    turn_on(inbox.page)
    inbox.open_conversation("Ada")
    visitor_writes(live_server.app, company, "Still here?")
    expect(inbox.said).to_have_count(2)
    assert inbox.page.evaluate("window.tones") == 0  # it was seen as it came

    visitor_writes(live_server.app, company, "Good morning", name="Zoe")
    expect(inbox.row("Zoe")).to_be_visible()
    inbox.page.wait_for_function("() => window.tones == 2")
    assert notes(inbox.page) == []  # the window is in front

    inbox.pretend_hidden(True)
    visitor_writes(live_server.app, company, "Hello?", name="Yan")
    expect(inbox.row("Yan")).to_have_count(1)
    inbox.page.wait_for_function("() => window.notes.length")
    assert notes(inbox.page) == ["Yan: Hello?"]
    inbox.page.evaluate("window.note.onclick()")
    expect(inbox.page.get_by_role("region", name="Conversation with Yan", exact=True)).to_be_visible()


def test_of_two_tabs_one_rings_and_a_reload_keeps_the_choice(
    inbox: InboxPage, window: BrowserContext, live_server: LiveServer, company: Company
) -> None:
    turn_on(inbox.page)
    other = InboxPage(window.new_page(), live_server, company)
    other.open()
    visitor_writes(live_server.app, company, "Good morning", name="Zoe")
    claims = []
    for tab in (inbox, other):
        tab.page.wait_for_function("() => window.claims.length")  # it has heard, and knows whether to ring
        claims += tab.page.evaluate("window.claims")
        tab.page.wait_for_function("() => window.tones === (window.claims.includes(true) ? 2 : 0)")
    assert claims.count(True) == 1
    other.page.get_by_role("button", name="Agent. Profile").click()
    expect(other.page.get_by_role("switch", name="Sound")).to_be_checked()


def test_a_browser_that_refuses_says_so(inbox: InboxPage) -> None:
    inbox.page.evaluate("window.answer = 'denied'")
    inbox.page.get_by_role("button", name="Agent. Profile").click()
    inbox.page.get_by_role("switch", name="Notification of the desktop").click()
    expect(inbox.page.get_by_role("switch", name="Notification of the desktop")).not_to_be_checked()
    expect(inbox.page.get_by_text("Your browser does not let this site notify you")).to_be_visible()
