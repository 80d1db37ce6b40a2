"""Who is there, seen from another window: they come, choose to be away, and are found again."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.factories import Company
from tests.support.inbox_page import InboxPage, enter
from tests.support.inspection import inspect
from tests.support.live import LiveServer


def test_whoever_comes_and_goes_is_seen_by_the_others(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    window = new_context()
    enter(window, live_server, company.email("owner"))
    owner = window.new_page()
    owner.goto(f"{live_server.url}/w/{company.slug}/team")
    agent_line, my_line = (
        owner.get_by_role("listitem").filter(has_text=company.email(role)).locator(".presence")
        for role in ("agent", "owner")
    )
    expect(agent_line).to_have_attribute("data-presence", "offline")
    expect(my_line).to_have_attribute("data-presence", "online")  # the page has opened a line of its own

    agent = InboxPage.of(new_context(), live_server, company)
    expect(agent_line).to_contain_text("Online")
    agent.page.get_by_role("button", name="Agent. Profile").click()
    agent.page.get_by_role("radio", name="Away").check()
    expect(agent_line).to_have_attribute("data-presence", "away")
    expect(agent.page.locator(".rail__me .avatar__presence")).to_have_attribute("data-presence", "away")
    assert inspect(owner, "team", thorough=False) == []

    agent.page.reload()
    agent.page.get_by_role("button", name="Agent. Profile").click()
    expect(agent.page.get_by_role("radio", name="Away")).to_be_checked()
    assert inspect(agent.page, "profile", thorough=False) == []
    agent.page.get_by_role("radio", name="Automatic").nth(0).check()
    expect(agent_line).to_have_attribute("data-presence", "online")


def test_a_tab_that_nobody_has_used_for_a_while_says_so(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    window = new_context()
    enter(window, live_server, company.email("agent"))
    page = window.new_page()
    page.clock.install()
    with page.expect_websocket() as opened:
        page.goto(f"{live_server.url}/w/{company.slug}/team")
    opened.value.wait_for_event("framereceived")
    with opened.value.expect_event("framesent", lambda frame: '"is_in_use":false' in str(frame)):
        page.clock.fast_forward("05:30")
