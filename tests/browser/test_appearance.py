"""An owner dresses the widget: the preview is the real one, and what is saved is what visitors see; only theirs."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Door
from tests.factories import Company, inside, make_company
from tests.support.browser import PageFaults
from tests.support.customer_site import page_with
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage
from tests.support.words import ENGLISH_DESK

BLUE, GREEN = "rgb(65, 80, 216)", "rgb(17, 92, 69)"


def test_what_is_tried_is_seen_at_once_and_what_is_saved_by_visitors(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    company: Company,
    widget: WidgetPage,
    customer_site: Callable[[str], str],
    page_faults: PageFaults,
) -> None:
    page_faults.allow("status of 422")
    globex = make_company(live_server.app, "globex")
    with inside(live_server.app, globex) as it:
        it.project.allowed_domains = ["localhost"]
    door = Door(new_context, live_server, company, ENGLISH_DESK)
    page = door("owner", f"/w/acme/projects/{company.project_id}/settings/appearance")
    site = page.frame_locator(".preview__site:not(.is-coming)")
    panel = site.frame_locator("chatapp-widget iframe")
    launcher = site.locator("chatapp-widget").get_by_role("button", include_hidden=True).first
    expect(panel.locator("#greeting")).to_have_text("Hi there,\nhow can we help?")
    expect(launcher).to_have_css("background-color", BLUE)

    page.get_by_label("Greeting").first.fill("Ahoy!")
    page.get_by_label("Colour", exact=True).fill("#115c45")
    expect(panel.locator("#greeting")).to_have_text("Ahoy!")
    expect(launcher).to_have_css("background-color", GREEN)
    expect(page.get_by_label("Colour", exact=True)).to_be_focused()
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.get_by_label("Colour", exact=True).fill("#nothing")
    expect(page.get_by_role("status").filter(has_text="Enter a colour as six digits")).to_be_visible()
    expect(panel.locator("#greeting")).to_have_text("Ahoy!")
    widget.open()
    expect(widget.panel.locator("#greeting")).to_have_text("Hi there,\nhow can we help?")

    page.get_by_label("Colour", exact=True).fill("#115c45")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Saved. Visitors see it within five minutes.")).to_be_visible()
    visitor = WidgetPage(new_context().new_page(), widget.address)
    snippet = f'<script src="{live_server.url}/widget.js" data-key="{globex.site_key}" async></script>'
    other = WidgetPage(new_context().new_page(), customer_site(page_with(snippet)))
    for its, colour, greeting in ((visitor, GREEN, "Ahoy!"), (other, BLUE, "Hi there,\nhow can we help?")):
        its.page.goto(its.address)
        expect(its.page.locator("chatapp-widget").get_by_role("button")).to_have_css("background-color", colour)
        its.open()
        expect(its.panel.locator("#greeting")).to_have_text(greeting)
