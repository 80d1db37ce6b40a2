"""Merging and splitting: every window, and the visitor's, shows the thread as it is now, without a reload."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, expect

from chatapp.privacy.services import deletions
from tests.factories import Company, inside
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage


def choose(page: Page, deed: str, choice: str, verb: str) -> None:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name=deed).click()
    dialog = page.get_by_role("dialog", name="The shape of this conversation")
    dialog.get_by_role("radio", name=choice).check()
    assert inspect(page, deed, thorough=False) == []
    dialog.get_by_role("button", name=verb, exact=True).click()


def test_two_become_one_and_one_becomes_two_in_every_window(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, widget: WidgetPage
) -> None:
    widget.open()
    widget.say("Where is my lamp?")
    agent = InboxPage.of(new_context(), live_server, company)
    owner = InboxPage.of(new_context(viewport={"width": 390, "height": 844}), live_server, company, "owner")
    for window in (agent, owner):
        window.rows.first.get_by_role("link").click()
        window.expect_said(["Where is my lamp?"])
    widget.say("And my invoice?")
    widget.say("It is number 88.")
    owner.expect_said(["Where is my lamp?", "And my invoice?", "It is number 88."])

    choose(agent.page, "Split from a message…", "It is number 88.", "Split")
    owner.expect_said(["Where is my lamp?", "And my invoice?"])
    agent.expect_said(["It is number 88."])
    expect(widget.said).to_have_count(2)

    agent.page.get_by_role("link", name="Go there").click()
    choose(agent.page, "Merge another one into this…", "It is number 88.", "Merge")
    for window in (agent, owner):
        window.expect_said(["Where is my lamp?", "And my invoice?", "It is number 88."])
    expect(widget.said).to_have_count(3)
    agent.page.get_by_role("button", name="Undo").click()
    owner.expect_said(["Where is my lamp?", "And my invoice?"])


def test_what_is_said_where_the_conversation_was_deleted_begins_another(
    widget: WidgetPage, inbox: InboxPage, company: Company, live_server: LiveServer, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 404")
    widget.open()
    widget.say("Where is my lamp?")
    widget.expect_said(["Where is my lamp?"])
    expect(inbox.rows).to_have_count(2)
    began = UUID(str(inbox.rows.first.get_attribute("data-id")))
    with inside(live_server.app, company) as it:
        deletions.delete(began, by=it.member("owner"))
    expect(inbox.rows).to_have_count(1)
    widget.say("Hello?")
    widget.say("Anybody there?")
    widget.expect_said(["Hello?", "Anybody there?"])
    inbox.rows.first.get_by_role("link").click()
    inbox.expect_said(["Hello?", "Anybody there?"])
