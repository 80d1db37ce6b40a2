"""Out of the way and back: one agent snoozes, the other sees it live, and it wakes though the clock was killed."""

import os
import re
import signal
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import BrowserContext, expect

from chatapp.common.clock import now
from tests.factories import Company, inside, visitor_writes
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer


def test_it_is_snoozed_by_keys_and_wakes_once_though_clock_and_worker_were_killed(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    agent = InboxPage.of(new_context(), live_server, company)
    owner = InboxPage.of(new_context(viewport={"width": 390, "height": 844}), live_server, company, "owner")
    owner.open("?view=snoozed")
    expect(owner.page.get_by_text("Nothing is snoozed")).to_be_visible()

    agent.open_conversation("Ada")
    keys, menu = agent.page.keyboard, agent.page.get_by_role("dialog", name="Snooze")
    keys.press("h")
    expect(menu.get_by_role("button", name="In an hour")).to_be_focused()
    assert inspect(agent.page, "snooze menu", thorough=False) == []
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(menu).to_be_hidden()
    expect(agent.activities).to_have_text([re.compile("^Agent snoozed this until ")])
    expect(agent.names).to_have_count(0)
    expect(agent.view_count("Snoozed")).to_have_text("1")
    expect(agent.view_count("All")).to_have_text("0")

    # It came into the other window by itself, and says until when.
    expect(owner.names).to_have_text(["Ada"])
    expect(owner.row("Ada").locator(".badge").first).to_contain_text("Until")

    for process, killed in (("clock", signal.SIGKILL), ("worker", signal.SIGKILL)):
        os.kill(live_server.process_id(process), killed)
    with inside(live_server.app, company) as it:
        it.conversation.snoozed_until = now() - timedelta(seconds=1)
    expect(owner.page.get_by_text("Nothing is snoozed")).to_be_visible(timeout=40_000)
    expect(agent.names).to_have_text(["Ada"])
    expect(agent.activities).to_have_text([re.compile("snoozed this"), "The snooze is over"])
    expect(agent.view_count("Snoozed")).to_have_text("0")


def test_a_day_and_a_time_are_chosen_and_a_wrong_one_is_told(inbox: InboxPage) -> None:
    inbox.open_conversation("Ada")
    page = inbox.page
    page.get_by_role("button", name="Snooze", exact=True).click()
    menu = page.get_by_role("dialog", name="Snooze")
    form = menu.get_by_role("form", name="A day and a time")
    form.get_by_label("Day", exact=True).fill("2020-01-01")
    form.get_by_role("button", name="Snooze").click()
    expect(menu.get_by_text("This moment is over. Choose a later one.")).to_be_visible()
    expect(form.get_by_label("Day", exact=True)).to_have_value("2020-01-01")
    form.get_by_label("Day", exact=True).fill(f"{now() + timedelta(days=40):%Y-%m-%d}")
    form.get_by_label("Time of day").fill("10:30")
    form.get_by_role("button", name="Snooze").click()
    expect(menu).to_be_hidden()
    expect(inbox.activities).to_have_text([re.compile("Agent snoozed this until .*10:30")])

    page.keyboard.press("h")
    expect(menu.get_by_role("button", name="Open again")).to_be_focused()
    page.keyboard.press("Enter")
    expect(inbox.names).to_have_text(["Ada"])
    expect(inbox.activities.last).to_have_text("Agent ended the snooze")


def test_pending_is_a_place_of_its_own(inbox: InboxPage, live_server: LiveServer, company: Company) -> None:
    inbox.open_conversation("Ada")
    inbox.page.keyboard.press("h")
    inbox.page.get_by_role("button", name="Set to pending").click()
    expect(inbox.activities).to_have_text(["Agent set this to pending"])
    expect(inbox.view_count("Pending")).to_have_text("1")
    inbox.open("?view=pending")
    expect(inbox.names).to_have_text(["Ada"])
    visitor_writes(live_server.app, company, "Any news?")
    expect(inbox.page.get_by_text("Nothing is pending")).to_be_visible()
