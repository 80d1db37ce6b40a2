"""In the hand: each pane of the inbox is a screen, and there is always a way back."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import OPENED
from tests.factories import Company, visitor_writes
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_the_inbox_is_one_screen_at_a_time(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    inbox = InboxPage.of(new_context(**PHONE), live_server, company)
    page = inbox.page
    main = page.get_by_role("navigation", name="Main")
    page.get_by_role("button", name="Views").tap()
    page.get_by_role("menu", name="Views").get_by_text("Unassigned").tap()
    expect(page.get_by_role("heading", name="Unassigned")).to_be_visible()
    inbox.expect_state("live")
    expect(main).to_be_visible()

    inbox.row("Ada").get_by_role("link").tap()
    inbox.expect_said([OPENED])
    expect(inbox.rows.first).to_be_hidden()
    expect(main).to_be_hidden()
    contact = page.get_by_role("complementary", name="Contact")
    expect(contact).to_be_hidden()

    page.get_by_role("button", name="Contact panel").tap()
    expect(contact).to_be_visible()
    contact.get_by_role("button", name="Fold away").tap()
    expect(contact).to_be_hidden()

    inbox.composer.fill("From the train.")
    page.get_by_role("button", name="Send").tap()
    inbox.expect_said([OPENED, "From the train."])
    visitor_writes(live_server.app, company, "Have a good trip.", name="Bruno")

    page.get_by_role("link", name="Back to the list").tap()
    expect(inbox.names).to_have_text(["Bruno", "Ada"])
    expect(page.get_by_role("heading", name="Unassigned")).to_be_visible()
    page.go_back()
    inbox.expect_said([OPENED, "From the train."])
    page.go_back()
    expect(inbox.rows.first).to_be_visible()
