"""Signing in with a provider, as people do it: there, a click, and back. The provider speaks English."""

from playwright.sync_api import expect

from tests.browser.conftest import Door
from tests.support.browser import PageFaults
from tests.support.live import LiveServer
from tests.support.words import Surroundings


def test_a_new_person_comes_by_way_of_a_provider(
    door: Door, surroundings: Surroundings, live_server: LiveServer, page_faults: PageFaults
) -> None:
    page_faults.allow("favicon|status of 40[39]")  # the provider's, and the page of who cancelled
    live_server.provider.is_visited_by()
    say, page = surroundings.say, door(path="/login?next=/account/security")
    go_there = page.get_by_role("link", name=say("Continue with %(provider)s", provider="Acme ID"))
    go_there.click()
    page.get_by_role("link", name="Cancel").click()
    cancelled = say("You cancelled at %(provider)s, so nobody was logged in.", provider="Acme ID")
    expect(page.get_by_text(cancelled)).to_be_visible()
    page.get_by_role("link", name=say("Back to log in")).click()

    page.goto(f"{live_server.url}/register?next=/account/security")
    go_there.click()
    page.get_by_role("link", name="Continue as Ada Lovelace").click()
    expect(page).to_have_url(f"{live_server.url}/account/security")
    expect(page.get_by_text(say("Your account has no password: you log in with a provider."))).to_be_visible()
    page.get_by_role("button", name=say("Disconnect %(name)s", name="Acme ID")).click()
    expect(page.get_by_text(say("This is your only way in. Choose a password first."))).to_be_visible()


def test_an_agent_connects_a_provider_and_cuts_it_off_again(
    door: Door, surroundings: Surroundings, live_server: LiveServer, page_faults: PageFaults
) -> None:
    page_faults.allow("favicon")
    live_server.provider.is_visited_by()
    say, page = surroundings.say, door("agent", "/account/security")
    page.get_by_role("button", name=say("Connect %(name)s", name="Acme ID")).click()
    page.get_by_role("link", name="Continue as Ada Lovelace").click()
    expect(page.get_by_text(say("You can now log in with %(provider)s.", provider="Acme ID"))).to_be_visible()
    page.get_by_role("button", name=say("Disconnect %(name)s", name="Acme ID")).click()
    expect(page.get_by_text(say("It was disconnected."))).to_be_visible()
