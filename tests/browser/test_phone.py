"""In the hand: each pane of the inbox is a screen, and there is always a way back."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import OPENED
from tests.factories import Company, visitor_writes
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage

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


def test_the_widget_fills_the_screen_and_gives_it_back(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    widget = WidgetPage(new_context(**PHONE).new_page(), f"{live_server.other_url}/demo")
    widget.open()
    frame = widget.page.locator("chatapp-widget iframe")
    assert frame.bounding_box() == {"x": 0, "y": 0, **PHONE["viewport"]}
    widget.say("Hello from a phone.")
    widget.expect_said(["Hello from a phone."])
    widget.panel.get_by_role("button", name="Close").locator("visible=true").tap()
    expect(frame).to_be_hidden()
    expect(widget.page.locator("chatapp-widget").get_by_role("button")).to_be_visible()
