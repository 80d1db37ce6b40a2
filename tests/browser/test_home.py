"""The home of a workspace, left open on a desk: its figures stay true by themselves."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.factories import Company, visitor_writes
from tests.support.inbox_page import enter
from tests.support.live import LiveServer


def test_the_figures_stay_true_while_somebody_looks(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    context = new_context()
    enter(context, live_server, company.email("agent"))
    page = context.new_page()
    page.goto(f"{live_server.url}/w/{company.slug}/")
    page.get_by_role("button", name="Put away").click()
    expect(page.get_by_role("region", name="Getting started")).to_have_count(0)
    # The list is away: a question of its own would look a minute old after two leaps of the clock, and be given up.
    page.clock.install()
    page.reload()
    today = page.get_by_role("region", name="Today")
    figure = today.get_by_role("link").first
    expect(figure).to_have_text("1")
    figure.focus()
    for count in ("2", "3"):
        visitor_writes(live_server.app, company, "hello", name=f"Visitor {count}")
        page.clock.fast_forward("00:31")
        expect(figure).to_have_text(count)
    expect(figure).to_be_focused()
