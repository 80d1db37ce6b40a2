"""Undo, where the eyes are: it stays while somebody is there, is reached by a key, and brings the row back."""

from playwright.sync_api import expect

from tests.support.inbox_page import InboxPage


def test_a_close_is_taken_back_by_a_key_and_the_offer_waits_for_whoever_looks_at_it(inbox: InboxPage) -> None:
    page, toast = inbox.page, inbox.page.locator(".toast")
    inbox.open_conversation("Ada")
    page.clock.install()
    page.keyboard.press("e")
    expect(toast).to_contain_text("Closed.")
    expect(inbox.names).to_have_count(0)
    toast.get_by_role("button", name="Undo").focus()
    page.clock.fast_forward(60_000)
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Undo").blur()
    page.clock.fast_forward(4_000)
    expect(toast).to_have_count(0)

    page.keyboard.press("e")
    expect(toast).to_contain_text("Opened again.")
    page.keyboard.press("z")
    expect(toast).to_have_text("Undone.")
    expect(inbox.activities).to_have_text(["Agent closed this", "Agent opened this again", "Agent undid this"])
    page.keyboard.press("e")
    expect(inbox.names).to_have_text(["Ada"])
