"""Canned replies in the composer: by keys, by finger, and what is inserted is one's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from chatapp.canned import queries, services
from tests.browser.test_keyboard import expect_focus
from tests.factories import Company, inside
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage, enter
from tests.support.inspection import inspect
from tests.support.live import LiveServer

HELLO = "Hello Ada,\nthank you for writing to Acme."


@pytest.fixture
def canned(live_server: LiveServer, company: Company) -> Company:
    with inside(live_server.app, company) as it:
        for code, text in (
            ("hello", "Hello {{contact.first_name|there}},\nthank you for writing to {{workspace.name}}."),
            ("refund", "The money is on its way, says {{agent.name}}."),
            ("envio", "Sale mañana."),
        ):
            services.create(code=code, text=text, team=None, is_own=False, by=it.member("owner"))
    return company


def picked(page: Page) -> Locator:
    """What Enter would insert, as a reader is told; the focus is in the text."""
    return page.locator(".picker__item[aria-selected=true]")


def test_a_reply_by_keys(page: Page, live_server: LiveServer, canned: Company) -> None:
    enter(page.context, live_server, canned.email("agent"))
    inbox = InboxPage(page, live_server, canned)
    inbox.open(f"/{canned.conversation_id}")
    keys, picker = page.keyboard, page.get_by_role("listbox", name="Canned replies")
    keys.press("r")
    keys.type("/")
    expect(picker.get_by_role("option")).to_have_count(4)  # the company's own, too
    assert inspect(page, "picker", thorough=False) == []
    keys.type("hel")
    expect(picked(page)).to_have_count(1)
    expect(picked(page)).to_contain_text("/hello")
    expect(page.locator("[data-preview]")).to_have_text(HELLO)
    expect_focus(page, "Reply")
    keys.press("Enter")
    expect(picker).to_be_hidden()
    expect(inbox.composer).to_have_value(HELLO)

    # It is one's own to change; in the middle of a sentence, too, and found by what it says.
    keys.type(" /mañ")
    expect(picked(page)).to_contain_text("/envio")
    keys.press("Tab")
    expect(inbox.composer).to_have_value(f"{HELLO} Sale mañana.")
    keys.type(" and/or /nothing")
    expect(page.get_by_text("No canned reply says that.")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_text("No canned reply says that.")).to_be_hidden()
    expect_focus(page, "Reply")
    inbox.composer.fill("/")
    expect(picker).to_be_visible()
    first = picked(page).inner_text()
    keys.press("ArrowDown")
    expect(picked(page)).not_to_have_text(first)
    keys.press("Escape")
    expect(inbox.composer).to_have_value("/")

    inbox.composer.fill("http://")
    expect(picker).to_be_hidden()
    inbox.say("https://acme.example/ it is")
    expect(inbox.said.last).to_contain_text("https://acme.example/ it is")


def test_on_a_phone_by_its_button(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, canned: Company
) -> None:
    context = new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    enter(context, live_server, canned.email("agent"))
    page = context.new_page()
    page.goto(f"{live_server.url}/w/acme/inbox/{canned.conversation_id}")
    page.get_by_role("textbox", name="Reply").fill("Good news!")
    page.get_by_role("button", name="Canned replies").tap()
    page.get_by_role("option", name="/refund").tap()
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("Good news! The money is on its way, says Agent.")
    page.get_by_role("button", name="Send").tap()
    expect(page.locator(".thread__log .bubble").last).to_contain_text("The money is on its way, says Agent.")
    with inside(live_server.app, canned) as it:
        assert {reply.code: reply.used_count for reply in queries.usable(it.member("agent"))}["refund"] == 1


def test_they_are_written_in_the_settings(
    page: Page, live_server: LiveServer, canned: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 422")
    enter(page.context, live_server, canned.email("agent"))
    page.goto(f"{live_server.url}/w/acme/settings/canned-replies")
    page.get_by_role("searchbox", name="Search canned replies").fill("money")
    expect(page.locator(".canned__line:visible")).to_have_count(1)
    page.get_by_role("link", name="New reply").click()
    page.get_by_label("Short code").fill("/Bye")
    page.get_by_label("Text", exact=True).fill("Bye {{contact.nickname}}")
    page.get_by_role("button", name="Save reply").click()
    expect(page.get_by_text("“contact.nickname” is no variable.")).to_be_visible()
    page.get_by_label("Text", exact=True).fill("Bye {{contact.name}}")
    page.get_by_role("button", name="Save reply").click()
    expect(page.get_by_text("The canned reply is saved.")).to_be_visible()
    line = page.locator(".canned__line").filter(has_text="/bye")
    expect(line).to_contain_text("Only me")
