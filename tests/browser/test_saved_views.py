"""Saved views in two windows: one puts conditions together, the other sees what fits come and go by itself."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.factories import Company, visitor_writes
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer


def test_a_view_is_put_together_and_keeps_itself_in_every_window(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    visitor_writes(live_server.app, company, "I am Bruno.", name="Bruno")
    owner = InboxPage.of(new_context(), live_server, company, "owner")
    agent = InboxPage.of(new_context(), live_server, company)
    expect(agent.names).to_have_text(["Bruno", "Ada"])

    page = owner.page
    page.get_by_role("link", name="New view").click()
    page.get_by_label("Name").fill("Hot")
    page.get_by_label("For whom").select_option("everybody")
    page.get_by_role("button", name="Add a condition").click()
    row = page.locator("#rules > .rule").nth(1)
    expect(row.get_by_label("What")).to_be_focused()
    row.get_by_label("What").select_option("priority")
    expect(row.get_by_label("What")).to_be_focused()
    row.get_by_label("Urgent").check()
    expect(page.get_by_text("0 conversations fit now")).to_be_visible()
    page.get_by_role("button", name="Add a group").click()
    expect(page.locator(".rule-group .rule")).to_have_count(1)
    assert inspect(page, "conditions", thorough=False) == []
    page.get_by_role("button", name="Remove this group").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nothing fits this view")).to_be_visible()

    # It came into the other window's list, where it is opened, and fills and empties by itself.
    agent.page.get_by_role("link", name="Hot").click()
    expect(agent.page.get_by_text("Nothing fits this view")).to_be_visible()
    agent.expect_state("live")
    owner.open()
    owner.open_conversation("Ada")
    page.keyboard.press("p")
    page.get_by_role("menuitem", name="Urgent").click()
    expect(agent.names).to_have_text(["Ada"])
    expect(agent.view_count("Hot")).to_have_text("1")
    visitor_writes(live_server.app, company, "I am Clara.", name="Clara")
    expect(agent.view_count("Unassigned")).to_have_text("3")
    expect(agent.names).to_have_text(["Ada"])

    # What is filled in beside the thread stands there in the other window, too.
    agent.open_conversation("Ada")
    page.get_by_role("button", name="Change “Plan”").click()
    field = page.get_by_role("dialog", name="Change the attribute").get_by_label("Plan")
    expect(field).to_be_focused()
    assert inspect(page, "attribute", thorough=False) == []
    field.fill("Gold")
    page.keyboard.press("Enter")
    expect(field).to_be_hidden()
    for window in (owner, agent):
        expect(window.page.locator(".attributes__value")).to_have_text(["Gold"])

    page.get_by_title("Change the priority").first.click()
    page.get_by_role("menuitem", name="Low").click()
    expect(agent.names).to_have_count(0)
    expect(agent.view_count("Hot")).to_have_text("0")

    # The view is another one now: whoever has it open sees that, too.
    page.get_by_role("link", name="Hot").click()
    page.get_by_role("link", name="Change this view").click()
    page.locator("#rules > .rule").nth(1).get_by_label("Low").check()
    page.get_by_role("button", name="Save").click()
    expect(owner.names).to_have_text(["Ada"])
    expect(agent.names).to_have_text(["Ada"])
