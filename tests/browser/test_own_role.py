"""A role of the company's own: made, refused when its name is taken, given, and felt at once by who has it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Door
from tests.factories import Company
from tests.support.browser import PageFaults
from tests.support.live import LiveServer
from tests.support.words import Surroundings


def test_a_role_is_made_given_and_changed_in_front_of_who_has_it(
    door: Door, surroundings: Surroundings, live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("WebSocket")
    say, team = surroundings.say, f"{live_server.url}/w/{company.slug}/team"
    owner = door("owner", f"/w/{company.slug}/team/roles/new?copy=viewer")
    owner.get_by_role("textbox", name=say("Name")).fill("Helper")
    owner.get_by_label(say("All conversations")).check()
    owner.get_by_label(say("Answer visitors and write private notes")).check()
    save = owner.get_by_role("button", name=say("Make the role"))
    save.click()
    expect(owner.get_by_text(say("There is a role of this name already. Choose another.")).first).to_be_visible()
    expect(owner.get_by_role("textbox", name=say("Name"))).to_have_value("Helper")
    expect(owner.get_by_label(say("Answer visitors and write private notes"))).to_be_checked()
    owner.get_by_role("textbox", name=say("Name")).fill("Night shift")
    save.click()
    expect(owner.get_by_role("link", name="Night shift", exact=True)).to_be_visible()

    agent = door("agent", f"/w/{company.slug}/inbox/{company.conversation_id}")
    closing = agent.get_by_role("button", name=say("Close"), exact=True)
    expect(closing).to_be_visible()
    owner.goto(team)
    owner.get_by_role("button", name=say("Change %(name)s", name="Agent")).click()
    owner.get_by_role("menuitemradio", name="Night shift").click()
    expect(owner.get_by_text(say("The role is changed. It counts from now on."))).to_be_visible()
    expect(closing).to_be_hidden(timeout=5_000)  # the page has loaded anew by itself
    expect(agent.get_by_role("textbox", name=say("Reply"))).to_be_visible()

    owner.goto(f"{team}/roles")
    owner.get_by_role("link", name="Night shift", exact=True).click()
    owner.get_by_label(say("Answer visitors and write private notes")).uncheck()
    owner.get_by_role("button", name=say("Save changes")).click()
    expect(agent.get_by_text(say("You can read this conversation. Your role does not answer."))).to_be_visible(
        timeout=5_000
    )
