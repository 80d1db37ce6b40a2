"""The bell on a page that shows no conversations: it counts by itself, leads to the place, and what is seen is read."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from chatapp.messages import services as messages
from chatapp.notifications import queries
from tests.factories import Company, inside, visitor_writes
from tests.support.inbox_page import enter
from tests.support.live import LiveServer
from tests.support.push_service import Browser

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


# What takes a push service that no test has is pretended; the worker and its registration are real.
_PUSH = """
    Notification.requestPermission = async () => "granted";
    const told = {endpoint: "https://push.example/1", keys: {p256dh: %r, auth: %r}};
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      window.key = applicationServerKey;
      return { toJSON: () => told };
    };
"""


def test_a_browser_takes_pushes_and_shows_them(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    told = Browser("").told
    context = new_context()
    context.add_init_script(_PUSH % (told["p256dh"], told["auth"]))
    enter(context, live_server, company.email("agent"))
    page = context.new_page()
    page.goto(f"{live_server.url}/w/acme/notifications/settings")
    with page.expect_response("**/notifications/push") as saved, context.expect_event("serviceworker") as started:
        page.get_by_role("switch", name="Push to this browser").check()
    assert saved.value.status == 204
    assert page.evaluate("window.key") == page.locator("push-switch").get_attribute("data-key")
    with inside(live_server.app, company):
        assert len(queries.push_subscriptions_of(company.members["agent"])) == 1

    worker = started.value
    news = {"title": "Ada", "body": "Assigned to you", "tag": "1", "url": "/w/acme/inbox", "lang": "en"}
    shown = worker.evaluate(
        """(news) => new Promise((resolve) => {
          self.registration.showNotification = async (title, { body, data }) => resolve([title, body, data.url]);
          self.dispatchEvent(new PushEvent("push", { data: JSON.stringify(news) }));
        })""",
        news,
    )
    assert shown == ["Ada", "Assigned to you", "/w/acme/inbox"]
