"""A team grows: invited in one window, joined in another, and a new role counts at once."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from chatapp.common.unit_of_work import unit_of_work
from tests.factories import Company, make_user
from tests.support.browser import PageFaults
from tests.support.inbox_page import enter
from tests.support.live import LiveServer

GUEST = "grace@x.example"


def _is_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_invited_joined_and_given_another_role(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    with live_server.app.app_context(), unit_of_work():
        make_user(GUEST, name="Grace")
    owner_window, guest_window = new_context(), new_context(viewport={"width": 390, "height": 844})
    enter(owner_window, live_server, company.email("owner"))
    owner = owner_window.new_page()
    owner.goto(f"{live_server.url}/w/{company.slug}/")
    owner.get_by_role("navigation", name="Main").get_by_role("link", name="Team").click()
    owner.get_by_role("button", name="Invite people").click()
    owner.get_by_role("textbox", name="Mail addresses").fill(GUEST)
    _is_accessible(owner)
    owner.get_by_role("button", name="Invite", exact=True).click()
    dialog = owner.get_by_role("dialog", name="On their way")
    link = dialog.get_by_role("region", name=f"Invitation link for {GUEST}").inner_text().strip()
    _is_accessible(owner)
    dialog.get_by_role("link", name="Done").click()
    expect(owner.get_by_role("listitem").filter(has_text=GUEST)).to_contain_text("Agent")

    enter(guest_window, live_server, GUEST)
    guest = guest_window.new_page()
    guest.goto(link)
    _is_accessible(guest)
    guest.get_by_role("button", name="Join Acme").click()
    guest.goto(f"{live_server.url}/w/{company.slug}/inbox/{company.conversation_id}")
    expect(guest.get_by_role("textbox", name="Reply")).to_be_visible()

    owner.reload()
    owner.get_by_role("button", name="Change Grace").click()
    _is_accessible(owner)
    owner.get_by_role("menuitemradio", name="Viewer").click()
    expect(owner.get_by_text("The role is changed.")).to_be_visible()
    expect(owner.get_by_role("listitem").filter(has_text=GUEST)).to_contain_text("Viewer")
    expect(guest.get_by_role("textbox", name="Reply")).to_have_count(0)  # their page came again by itself
    expect(guest.get_by_role("region", name="Conversation with Ada", exact=True)).to_be_visible()


def test_whoever_is_removed_loses_the_inbox_in_front_of_them(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 404")
    page_faults.allow("WebSocket")
    owner_window, agent_window = new_context(), new_context()
    enter(agent_window, live_server, company.email("agent"))
    enter(owner_window, live_server, company.email("owner"))
    agent, owner = agent_window.new_page(), owner_window.new_page()
    agent.goto(f"{live_server.url}/w/{company.slug}/inbox")
    expect(agent.locator("inbox-live")).to_have_attribute("data-state", "live")
    owner.goto(f"{live_server.url}/w/{company.slug}/team")
    owner.get_by_role("button", name="Change Agent").click()
    owner.get_by_role("menuitem", name="Remove…").click()
    owner.get_by_role("dialog", name="Remove Agent?").get_by_role("button", name="Remove").click()
    expect(owner.get_by_text("They are no longer in this workspace.")).to_be_visible()
    expect(agent.get_by_text("you have no access to it")).to_be_visible(timeout=5_000)
