"""The bell on a page that shows no conversations: it counts by itself, leads to the place, and what is seen is read."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from chatapp.messages import services as messages
from tests.factories import Company, inside, visitor_writes
from tests.support.inbox_page import enter
from tests.support.live import LiveServer

_HEARTBEAT = 30_000  # heals a hint that came before the line was open


def test_the_bell_counts_live_and_what_is_seen_is_read(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    context = new_context()
    enter(context, live_server, company.email("agent"))
    page = context.new_page()
    with page.expect_websocket():
        page.goto(f"{live_server.url}/w/acme/notifications")
    expect(page.get_by_role("link", name="Notifications, 1 unread")).to_be_visible()
    visitor_writes(live_server.app, company, "Good morning", name="Zoe")
    expect(page.get_by_role("link", name="Notifications, 2 unread")).to_be_visible(timeout=_HEARTBEAT)
    page.get_by_role("link", name="Show what is new").click()
    page.get_by_role("listitem").get_by_role("link", name="Ada").click()
    expect(page.get_by_role("region", name="Conversation with Ada", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Notifications, 1 unread")).to_be_visible()

    # It comes before their eyes, and does not count for long.
    with page.expect_response("**/notifications/reading"), inside(live_server.app, company) as it:
        messages.assign(it.conversation, to=it.member("agent"), by=it.member("owner"))
    page.goto(f"{live_server.url}/w/acme/notifications?show=unread")
    expect(page.get_by_role("listitem").get_by_role("link", name="Zoe")).to_be_visible()
    expect(page.get_by_role("listitem").get_by_role("link", name="Ada")).to_have_count(0)
