"""Signing in with a provider, as people do it: there, a click, and back."""

from playwright.sync_api import Page, expect

from tests.factories import Company
from tests.support.browser import PageFaults
from tests.support.inbox_page import enter
from tests.support.live import LiveServer


def test_a_new_person_comes_by_way_of_a_provider(
    page: Page, live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("favicon|status of 40[39]")  # the provider's, and the page of who cancelled
    live_server.provider.is_visited_by()
    page.goto(f"{live_server.url}/login?next=/account/security")
    page.get_by_role("link", name="Continue with Acme ID").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_text("You cancelled at Acme ID")).to_be_visible()
    page.get_by_role("link", name="Back to log in").click()

    page.goto(f"{live_server.url}/register?next=/account/security")
    page.get_by_role("link", name="Continue with Acme ID").click()
    page.get_by_role("link", name="Continue as Ada Lovelace").click()
    expect(page).to_have_url(f"{live_server.url}/account/security")
    expect(page.get_by_text("Your account has no password")).to_be_visible()
    page.get_by_role("button", name="Disconnect Acme ID").click()
    expect(page.get_by_text("This is your only way in")).to_be_visible()


def test_an_agent_connects_a_provider_and_cuts_it_off_again(
    page: Page, live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("favicon")
    live_server.provider.is_visited_by()
    enter(page.context, live_server, company.email("agent"))
    page.goto(f"{live_server.url}/account/security")
    page.get_by_role("button", name="Connect Acme ID").click()
    page.get_by_role("link", name="Continue as Ada Lovelace").click()
    expect(page.get_by_text("You can now log in with Acme ID.")).to_be_visible()
    page.get_by_role("button", name="Disconnect Acme ID").click()
    expect(page.get_by_text("It was disconnected.")).to_be_visible()
