"""A conversation goes to a team in one window, and arrives in another's: by mouse, by keys, and in the side list."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.factories import Company
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer


def test_a_conversation_is_handed_to_a_team_and_taken_there(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    owner = InboxPage.of(new_context(), live_server, company, "owner")
    agent = InboxPage.of(new_context(viewport={"width": 390, "height": 844}), live_server, company)
    agent.open(f"?view=team:{company.team_id}")
    expect(agent.page.get_by_text("Nothing waits for this team")).to_be_visible()

    owner.open_conversation("Ada")
    keys = owner.page.keyboard
    keys.press("a")
    search = owner.page.get_by_role("searchbox", name="Search people and teams")
    expect(search).to_be_focused()
    menu = owner.page.get_by_role("dialog", name="Assign to")
    expect(menu.get_by_role("button", name="Support")).to_be_visible()
    found = Axe().run(owner.page)
    assert found.violations_count == 0, found.generate_report()
    keys.type("supp")
    expect(menu.get_by_role("button")).to_have_count(1)
    keys.press("Enter")
    expect(menu).to_be_hidden()
    expect(owner.activities).to_have_text(["Owner moved this to Support"])
    expect(owner.view_count("Support")).to_have_text("1")

    # It came into the other window by itself, and is taken there.
    expect(agent.names).to_have_text(["Ada"])
    agent.row("Ada").get_by_role("link").click()
    agent.assign("Take it myself")
    expect(agent.activities).to_have_text(["Owner moved this to Support", "Agent took this"])
    expect(owner.page.get_by_role("button", name="Assigned to Agent. Assign")).to_be_visible()

    # Down with the arrows: the first offer is oneself, the second is nobody, and then it is nobody's again.
    keys.press("a")
    expect(menu.get_by_role("button", name="Nobody")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(owner.activities.last).to_have_text("Owner put this back for anybody")
    expect(owner.page.get_by_role("button", name="Assigned to Support. Assign")).to_be_visible()
