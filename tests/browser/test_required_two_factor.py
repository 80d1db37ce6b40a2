"""A company asks everybody for two-factor: whoever has none is led through it, and gets in where they wanted to go."""

from __future__ import annotations

from datetime import timedelta

import pyotp
from playwright.sync_api import expect

from chatapp.common.clock import now
from tests.browser.conftest import Door
from tests.factories import Company, give_two_factor, inside
from tests.support.browser import PageFaults
from tests.support.inspection import inspect
from tests.support.live import LiveServer
from tests.support.mailbox import letter
from tests.support.words import Surroundings


def test_a_member_without_it_is_led_through_the_set_up_and_gets_in(
    door: Door, surroundings: Surroundings, live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 403")
    say, root = surroundings.say, f"/w/{company.slug}"
    owner = door("owner", f"{root}/settings/security")
    expect(
        owner.get_by_text(say("Set it up for yourself first, so that you do not shut yourself out."))
    ).to_be_visible()
    with inside(live_server.app, company) as it:
        give_two_factor(it.member("owner").user)
    agent = door("agent", f"{root}/inbox")
    expect(agent.locator("inbox-live")).to_have_attribute("data-state", "live")
    owner.reload()
    owner.get_by_role("button", name=say("Ask everybody for two-factor")).click()
    expect(owner.get_by_text(say("On"), exact=True)).to_be_visible()

    agent.goto(live_server.url + root)
    expect(agent.get_by_role("heading", name=say("One more step before you get in"))).to_be_visible()
    assert inspect(agent, "two-factor needed", thorough=False) == []
    agent.set_viewport_size(surroundings.options["viewport"])  # type: ignore[arg-type]
    agent.get_by_role("link", name=say("Set up two-factor")).click()
    agent.get_by_role("button", name=say("Set up")).click()
    code = agent.get_by_label(say("Code from the app"))
    code.fill("000000")
    agent.get_by_role("button", name=say("Turn on")).click()
    expect(agent.get_by_text(say("This code is wrong, or was used before. Wait for the next one."))).to_be_visible()
    phone = pyotp.TOTP(agent.locator(".authenticator__key").inner_text())
    code.fill(phone.at(now() - timedelta(seconds=30)))
    agent.get_by_role("button", name=say("Turn on")).click()
    expect(agent.get_by_role("region", name=say("Recovery codes"))).to_be_visible()
    assert letter(live_server, say("Two-factor was turned on"))["To"] == company.email("agent")
    agent.goto(f"{live_server.url}{root}/inbox")
    expect(agent.locator("inbox-live")).to_have_attribute("data-state", "live")
