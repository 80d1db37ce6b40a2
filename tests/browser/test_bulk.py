"""Rows are chosen by hand and by key, many are done at once, and all come back."""

from playwright.sync_api import expect

from tests.factories import Company, visitor_writes
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer


def test_rows_are_chosen_and_done_at_once_and_taken_back(
    inbox: InboxPage, live_server: LiveServer, company: Company
) -> None:
    page, keys = inbox.page, inbox.page.keyboard
    for name in ("Bruno", "Clara"):
        visitor_writes(live_server.app, company, f"I am {name}.", name=name)
    expect(inbox.names).to_have_text(["Clara", "Bruno", "Ada"])
    inbox.row("Clara").hover()
    inbox.row("Clara").get_by_role("checkbox").click()
    bar, picked = page.get_by_role("toolbar"), page.locator("#rows .row.is-picked")
    expect(bar).to_contain_text("1 chosen")
    inbox.row("Ada").get_by_role("checkbox").click(modifiers=["Shift"])
    expect(bar).to_contain_text("3 chosen")
    inbox.row("Bruno").get_by_role("link").focus()
    keys.press("x")
    expect(bar).to_contain_text("2 chosen")
    assert inspect(page, "chosen rows", thorough=False) == []

    # What is chosen stays so while its row is drawn again.
    visitor_writes(live_server.app, company, "Me once more.", name="Dora")
    expect(inbox.names).to_have_text(["Dora", "Clara", "Bruno", "Ada"])
    expect(picked.locator(".row__name")).to_have_text(["Clara", "Ada"])

    keys.press("e")
    expect(page.locator(".toast")).to_contain_text("2 conversations closed.")
    expect(inbox.names).to_have_text(["Dora", "Bruno"])
    expect(picked).to_have_count(0)
    keys.press("z")
    expect(inbox.names).to_have_text(["Dora", "Clara", "Bruno", "Ada"])
    keys.press("x")
    keys.press("Escape")
    expect(picked).to_have_count(0)
