"""A team grows: invited in one window, joined in another, and a new role counts at once."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from chatapp.common.unit_of_work import unit_of_work
from tests.browser.conftest import Door
from tests.factories import Company, make_user
from tests.support.browser import PageFaults
from tests.support.inbox_page import enter
from tests.support.inspection import inspect
from tests.support.live import LiveServer
from tests.support.words import Surroundings

GUEST = "grace@x.example"


def _is_accessible(page: Page, around: Surroundings) -> None:
    assert inspect(page, page.url, thorough=False) == []
    page.set_viewport_size(around.options["viewport"])  # type: ignore[arg-type]


def test_invited_joined_and_given_another_role(
    door: Door,
    surroundings: Surroundings,
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    company: Company,
) -> None:
    with live_server.app.app_context(), unit_of_work():
        make_user(GUEST, name="Grace").locale = surroundings.locale
    say, owner = surroundings.say, door("owner", f"/w/{company.slug}/team")
    owner.get_by_role("button", name=say("Invite people")).click()
    owner.get_by_role("textbox", name=say("Mail addresses")).fill(GUEST)
    _is_accessible(owner, surroundings)
    owner.get_by_role("button", name=say("Invite"), exact=True).click()
    dialog = owner.get_by_role("dialog", name=say("On their way"))
    place = dialog.get_by_role("region", name=say("Invitation link for %(email)s", email=GUEST))
    link = place.inner_text().strip()
    _is_accessible(owner, surroundings)
    dialog.get_by_role("link", name=say("Done")).click()
    expect(owner.get_by_role("listitem").filter(has_text=GUEST)).to_contain_text(say("Agent"))

    guest_window = new_context(**surroundings.options)
    enter(guest_window, live_server, GUEST)
    guest = guest_window.new_page()
    guest.goto(link)
    _is_accessible(guest, surroundings)
    guest.get_by_role("button", name=say("Join %(name)s", name="Acme")).click()
    guest.goto(f"{live_server.url}/w/{company.slug}/inbox/{company.conversation_id}")
    expect(guest.get_by_role("textbox", name=say("Reply"))).to_be_visible()

    owner.reload()
    owner.get_by_role("button", name=say("Change %(name)s", name="Grace")).click()
    _is_accessible(owner, surroundings)
    owner.get_by_role("menuitemradio", name=say("Viewer")).click()
    expect(owner.get_by_text(say("The role is changed. It counts from now on."))).to_be_visible()
    expect(owner.get_by_role("listitem").filter(has_text=GUEST)).to_contain_text(say("Viewer"))
    expect(guest.get_by_role("textbox", name=say("Reply"))).to_have_count(0)  # their page came again by itself
    talk = say("Conversation with %(name)s", name="Ada")
    expect(guest.get_by_role("region", name=talk, exact=True)).to_be_visible()


def test_whoever_is_removed_loses_the_inbox_in_front_of_them(
    door: Door, surroundings: Surroundings, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 404")
    page_faults.allow("WebSocket")
    say, agent = surroundings.say, door("agent", f"/w/{company.slug}/inbox")
    expect(agent.locator("inbox-live")).to_have_attribute("data-state", "live")
    owner = door("owner", f"/w/{company.slug}/team")
    owner.get_by_role("button", name=say("Change %(name)s", name="Agent")).click()
    owner.get_by_role("menuitem", name=say("Remove…")).click()
    dialog = owner.get_by_role("dialog", name=say("Remove %(name)s?", name="Agent"))
    dialog.get_by_role("button", name=say("Remove"), exact=True).click()
    expect(owner.get_by_text(say("They are no longer in this workspace."))).to_be_visible()
    expect(agent.get_by_text(say("This does not exist, or you have no access to it."))).to_be_visible(timeout=5_000)
