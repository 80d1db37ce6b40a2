"""Long lists and long threads come in pages: everything once, in order, and what is being read does not move."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, ElementHandle, Locator, Page, expect

from chatapp.common.ids import uuid7
from chatapp.endusers import services as endusers
from chatapp.messages import services as messages
from tests.browser.conftest import OPENED
from tests.factories import Company, inside, visitor_writes
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer

CONVERSATIONS, MESSAGES = 150, 180


def test_a_long_list_comes_in_pages(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    names = [f"Visitor number {number}" for number in range(CONVERSATIONS)]
    with inside(live_server.app, company) as it:
        for name in names:
            visitor = endusers.ensure(uuid7())
            visitor.name = name
            messages.receive(it.project, visitor, text="Hello.", client_id=uuid7())
    newest_first = [*reversed(names), "Ada"]
    inbox = InboxPage.of(new_context(), live_server, company)
    expect(inbox.rows).to_have_count(30)

    scroller = inbox.page.locator(".list__rows")
    for shown in (60, 90, 120, 150, 151):
        watched = inbox.rows.nth(shown - 61 if shown > 60 else 20)
        scroller.evaluate("list => { list.scrollTop = list.scrollHeight; }")
        watched_at = place_of(watched)
        expect(inbox.rows).to_have_count(shown)
        assert abs(place_of(watched) - watched_at) <= 1, "the list jumped"
    assert inbox.names.all_inner_texts() == newest_first

    # Something new does not move what is being read, further down.
    watched = inbox.rows.nth(140)
    name, watched_at = watched.get_by_role("link").inner_text(), place_of(watched)
    visitor_writes(live_server.app, company, "I am new.", name="Zoe")
    expect(inbox.rows).to_have_count(152)
    expect(inbox.names.first).to_have_text("Zoe")
    assert abs(place_of(inbox.row(name)) - watched_at) <= 1, "the list jumped"

    # Back at the top, what lies far below is let go with the next change, and comes again when it is looked for.
    scroller.evaluate("list => { list.scrollTop = 0; }")
    settled(inbox.page)
    visitor_writes(live_server.app, company, "So am I.", name="Yan")
    expect(inbox.rows).to_have_count(30)
    for shown in (60, 90, 120, 150):
        scroller.evaluate("list => { list.scrollTop = list.scrollHeight; }")
        expect(inbox.rows).to_have_count(shown)
    assert inbox.names.all_inner_texts() == ["Yan", "Zoe", *newest_first][:150]


def test_a_long_thread_comes_in_pages(inbox: InboxPage, live_server: LiveServer, company: Company) -> None:
    texts = [f"Line {number}" for number in range(1, MESSAGES)]
    with inside(live_server.app, company) as it:
        for number, text in enumerate(texts):
            by = it.member("agent" if number // 5 % 2 else "admin")
            messages.send_reply(it.conversation, by=by, text=text, client_id=uuid7())
    inbox.open_conversation("Ada")
    expect(inbox.said).to_have_count(50)
    expect(inbox.said.last).to_be_in_viewport()

    log = inbox.page.locator("message-log")
    for shown in (100, 150, 180):
        first = inbox.said.first.element_handle()
        log.evaluate("log => { log.scrollTop = 0; }")
        expect(inbox.said).to_have_count(shown)
        settled(inbox.page)
        assert 0 <= place_of(first) <= 400, "what was being read left the window"
    inbox.expect_said([OPENED, *texts])

    # A new line below does not move it either, and offers a way down.
    reading = inbox.said.nth(3).element_handle()
    log.evaluate("log => { log.scrollTop = 40; }")
    settled(inbox.page)
    reading_at = place_of(reading)
    visitor_writes(live_server.app, company, "I am new.")
    inbox.expect_said([OPENED, *texts, "I am new."])
    assert abs(place_of(reading) - reading_at) <= 1, "the thread jumped"
    inbox.page.get_by_role("button", name="New messages").click()
    expect(inbox.said.last).to_be_in_viewport()
    inbox.expect_never_doubled()


def place_of(line: Locator | ElementHandle) -> float:
    box = line.bounding_box()
    assert box is not None
    return box["y"]


def settled(page: Page) -> None:
    """Two frames: whatever the page does after a change, it has done."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
