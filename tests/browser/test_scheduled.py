"""Send later: one agent schedules, the other sees it wait, and the visitor is quicker."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.factories import Company, visitor_writes
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer


def test_a_reply_waits_in_both_windows_until_it_is_sent_or_the_visitor_was_quicker(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 422")
    agent = InboxPage.of(new_context(), live_server, company)
    owner = InboxPage.of(new_context(viewport={"width": 390, "height": 844}), live_server, company, "owner")
    for window in (agent, owner):
        window.open_conversation("Ada")
    agent.composer.fill("Good morning!")
    agent.page.get_by_role("button", name="Later", exact=True).click()
    menu = agent.page.get_by_role("dialog", name="Send later")
    menu.get_by_label("Day", exact=True).fill("2020-01-01")
    menu.get_by_role("button", name="Schedule", exact=True).click()
    expect(menu.get_by_text("This moment is over. Choose a later one.")).to_be_visible()
    assert inspect(agent.page, "send later", thorough=False) == []
    expect(agent.composer).to_have_value("Good morning!")
    menu.get_by_role("button", name="In an hour").click()
    expect(menu).to_be_hidden()
    expect(agent.composer).to_have_value("")
    waits = owner.page.get_by_role("list", name="Replies that wait").get_by_role("listitem")
    expect(waits).to_contain_text("not if they write first")

    waits.get_by_role("button", name="Edit").click()
    dialog = owner.page.get_by_role("dialog", name="Scheduled reply")
    dialog.get_by_label("Text").fill("Good evening!")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(agent.page.locator(".scheduled")).to_contain_text("Owner, to be sent")
    visitor_writes(live_server.app, company, "Never mind")
    expect(waits).to_contain_text("Not sent: they wrote first.", timeout=15_000)
    expect(agent.activities).to_have_text(["The reply that Owner had scheduled was not sent: the visitor wrote first"])
    waits.get_by_role("button", name="Send now").click()
    expect(agent.said.last).to_contain_text("Good evening!")
    for window in (agent, owner):
        expect(window.page.locator(".scheduled")).to_have_count(0)
