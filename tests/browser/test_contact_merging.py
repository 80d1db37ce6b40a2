"""Two contacts turn out to be one: by keyboard, in the hand, live in every window; and each browser keeps its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, expect

from chatapp.conversations import queries as conversations
from chatapp.endusers import services as endusers
from tests.browser.conftest import OPENED
from tests.factories import Company, inside
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage, enter
from tests.support.inspection import inspect, measure
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage


def press(page: Page, name: str, role: str = "link") -> None:
    """As somebody without a mouse does."""
    page.get_by_role(role, name=name).press("Enter")  # type: ignore[arg-type]


def test_two_contacts_become_one_in_every_window_and_two_again(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    company: Company,
    widget: WidgetPage,
    page_faults: PageFaults,
) -> None:
    page_faults.allow("status of 409")
    widget.open()
    widget.say("Where is my lamp?")
    widget.expect_said(["Where is my lamp?"])
    owner = InboxPage.of(new_context(), live_server, company, role="owner")
    expect(owner.rows).to_have_count(2)
    owner.rows.filter(has_text="Where is my lamp?").get_by_role("link").click()
    owner.expect_said(["Where is my lamp?"])
    with inside(live_server.app, company):
        talk = conversations.conversation(UUID(owner.page.url.rpartition("/")[2].partition("?")[0]))
        endusers.describe(talk.end_user, name="Ada", phone="+49 30 7788", email="ada@castle.example")

    context = new_context(viewport={"width": 390, "height": 844})
    enter(context, live_server, company.email("agent"))
    page = context.new_page()
    page.goto(f"{live_server.url}/w/{company.slug}/contacts/{company.end_user_id}")
    page.get_by_role("textbox", name="Another mail address or phone").fill("ada@people.example")
    page.keyboard.press("Enter")
    expect(page.locator(".known")).to_contain_text("ada@people.example Main")
    page.get_by_role("textbox", name="Another mail address or phone").fill("ada@castle.example")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Another contact is known by this already.")).to_be_visible()
    assert [*inspect(page, "a profile", thorough=False), *measure(page, "a profile")] == []

    press(page, "Merge")
    expect(page.get_by_text("Same name")).to_be_visible()
    assert [*inspect(page, "whom to merge", thorough=False), *measure(page, "whom to merge")] == []
    press(page, re.compile("Ada.*Same name"))  # type: ignore[arg-type]
    page.get_by_role("group", name="Email").get_by_role("radio", name="ada@castle.example").press("Space")
    assert [*inspect(page, "what is kept", thorough=False), *measure(page, "what is kept")] == []
    page.get_by_role("button", name="Merge").press("Enter")

    expect(page.locator(".known")).to_contain_text("ada@castle.example Main")
    expect(page.locator(".known")).to_contain_text("+49307788")
    story = page.locator(".story")
    expect(story).to_contain_text("Where is my lamp?")
    expect(story).to_contain_text(OPENED)
    expect(owner.page.locator(".contact__about")).to_contain_text("ada@castle.example")
    expect(owner.row("Ada")).to_have_count(2)

    widget.say("And my invoice?")
    owner.expect_said(["Where is my lamp?", "And my invoice?"])
    widget.expect_said(["Where is my lamp?", "And my invoice?"])
    widget.open()
    expect(widget.panel.get_by_text("And my invoice?")).to_be_visible()
    expect(widget.panel.get_by_text(OPENED)).to_have_count(0)

    page.get_by_role("button", name="Undo the merge").press("Enter")
    expect(story).to_contain_text("Undone")
    expect(story).to_contain_text(OPENED)
    expect(story).not_to_contain_text("And my invoice?")
    expect(page.locator(".known")).to_contain_text("ada@people.example Main")
    expect(owner.page.locator(".contact__about")).to_contain_text("ada@castle.example")
