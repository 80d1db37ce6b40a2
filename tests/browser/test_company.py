"""Who looks and who writes, seen from the other windows; and an answer that crossed another one is held."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.conftest import OPENED
from tests.factories import Company
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage


@pytest.fixture
def other(new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company) -> InboxPage:
    """A second agent's window."""
    return InboxPage.of(new_context(), live_server, company, role="admin")


def visitor_begins(inbox: InboxPage, widget: WidgetPage) -> str:
    """Somebody new writes; their name in the list."""
    widget.open()
    widget.say("Is anybody there?")
    expect(inbox.rows).to_have_count(2)
    return inbox.rows.first.get_by_role("link").inner_text()


def company_in(inbox: InboxPage) -> Locator:
    return inbox.page.locator("[data-company]")


def test_agents_and_the_visitor_see_who_looks_and_who_writes(
    inbox: InboxPage, other: InboxPage, widget: WidgetPage
) -> None:
    name = visitor_begins(inbox, widget)
    inbox.open_conversation(name)
    expect(company_in(inbox)).to_be_hidden()
    other.open_conversation(name)
    expect(company_in(inbox)).to_have_text("Admin is looking")
    expect(company_in(other)).to_have_text("Agent is looking")  # they were asked

    other.composer.press_sequentially("We are")
    expect(company_in(inbox)).to_have_text("Admin is writing…")
    expect(widget.panel.locator(".typing")).to_be_visible()
    expect(widget.panel.locator(".typing")).to_contain_text("Admin")
    expect(company_in(other)).to_have_text("Agent is looking")
    other.page.get_by_role("button", name="Send").click()
    expect(company_in(inbox)).to_have_text("Admin is looking")
    expect(widget.panel.locator(".typing")).to_be_hidden()

    bubble = inbox.page.locator(".typing")
    expect(bubble).to_be_hidden()
    widget.box.press_sequentially("My lamp")
    expect(bubble).to_be_visible()
    assert inspect(inbox.page, "writing", thorough=False) == []
    widget.say("My lamp came broken")
    expect(bubble).to_be_hidden()

    other.open_conversation("Ada")
    expect(company_in(inbox)).to_be_hidden()


def test_notes_are_written_where_no_visitor_sees_it(inbox: InboxPage, other: InboxPage, widget: WidgetPage) -> None:
    name = visitor_begins(inbox, widget)
    for window in (inbox, other):
        window.open_conversation(name)
    other.page.get_by_role("button", name="Private note").click()
    other.page.get_by_role("textbox", name="Private note").press_sequentially("He wrote before")
    expect(company_in(inbox)).to_have_text("Admin is writing a note…")
    expect(widget.panel.locator(".typing")).to_be_hidden()
    other.page.close()
    expect(company_in(inbox)).to_be_hidden()


def test_an_answer_that_crossed_another_one_waits_for_its_author(
    inbox: InboxPage, other: InboxPage, page_faults: PageFaults
) -> None:
    page_faults.allow("ERR_INTERNET_DISCONNECTED")
    page_faults.allow("status of 409")
    for window in (inbox, other):
        window.open_conversation("Ada")
    inbox.page.context.set_offline(True)  # the other answer is on its way, and not seen
    inbox.composer.fill("I do not know.")
    other.say("We ship on Tuesday.")
    other.expect_said([OPENED, "We ship on Tuesday."])
    inbox.page.context.set_offline(False)
    inbox.page.get_by_role("button", name="Send").click()

    held = inbox.thread.locator(".is-pending")
    expect(held).to_contain_text("Admin answered while you were writing: “We ship on Tuesday.”")
    assert inspect(inbox.page, "held", thorough=False) == []
    expect(other.said).to_have_count(2)
    inbox.page.reload()
    expect(held).to_contain_text("I do not know.")  # it is kept
    held.get_by_role("button", name="Edit").click()
    expect(inbox.composer).to_have_value("I do not know.")
    inbox.composer.fill("As Admin said.")
    inbox.page.get_by_role("button", name="Send").click()
    other.expect_said([OPENED, "We ship on Tuesday.", "As Admin said."])

    inbox.composer.fill("Once")
    other.say("Twice")
    inbox.expect_holds([OPENED, "We ship on Tuesday.", "As Admin said.", "Twice"])
    inbox.page.get_by_role("button", name="Send").click()
    held.get_by_role("button", name="Send anyway").click()
    other.expect_said([OPENED, "We ship on Tuesday.", "As Admin said.", "Twice", "Once"])
    inbox.expect_said([OPENED, "We ship on Tuesday.", "As Admin said.", "Twice", "Once"])
