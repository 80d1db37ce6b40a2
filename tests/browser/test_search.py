"""Finding things in the inbox, by keyboard, by finger, and while others write."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from chatapp.common.ids import uuid7
from chatapp.jobs import search
from chatapp.messages import services as messages
from tests.browser.test_keyboard import expect_focus
from tests.factories import Company, inside, visitor_writes
from tests.support.inbox_page import InboxPage, enter
from tests.support.live import LiveServer

EVIL = "needle <img src=x onerror=alert(1)> & <mark>needle</mark>"


def written(server: LiveServer, company: Company) -> None:
    """Three people wrote, and it can be found."""
    for name, text in (("Lucía Peralta", "¿Hacéis envíos a Canarias?"), ("Daniel", "a walnut table"), ("Eve", EVIL)):
        visitor_writes(server.app, company, text, name=name)
    look_through(server)


def look_through(server: LiveServer) -> None:
    """What the clock does every other second."""
    with server.app.app_context():
        search.look_through()


def hits(page: Page) -> Locator:
    return page.locator("#hits .row")


def look_for(page: Page, words: str, count: int) -> None:
    page.get_by_role("searchbox", name="Search messages and people").fill(words)
    expect(hits(page)).to_have_count(count)


def test_search_by_keyboard(page: Page, live_server: LiveServer, company: Company) -> None:
    written(live_server, company)
    enter(page.context, live_server, company.email("agent"))
    inbox = InboxPage(page, live_server, company)
    inbox.open()
    keys = page.keyboard
    keys.press("/")
    expect_focus(page, "Search messages and people")
    expect(page.get_by_text("What are you looking for?")).to_be_visible()
    look_for(page, "envio", 1)
    expect(page.locator("#hits mark")).to_have_text("envíos")
    assert page.url.endswith("/inbox/search?q=envio")

    keys.press("ArrowDown")
    expect_focus(page, "Lucía Peralta")
    keys.press("Enter")
    expect(page.get_by_role("region", name="Conversation with Lucía Peralta")).to_be_visible()
    expect(page.locator(".message.is-found .bubble")).to_contain_text("envíos")
    expect(hits(page).first).to_have_class(re.compile("is-selected"))
    assert re.search(r"/inbox/[\w-]{36}\?at=", page.url)

    # From there again, by the same key; a person, too. Escape leaves, and the list is there as it was.
    keys.press("/")
    expect_focus(page, "Search messages and people")
    look_for(page, "peralte", 1)
    expect(page.locator("#hits-people")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("inbox-search")).to_have_count(0)
    expect_focus(page, "Search")
    expect(inbox.names).to_have_count(4)
    keys.press("j")
    expect(inbox.rows.locator("[aria-current]")).to_have_count(1)

    keys.press("/")
    look_for(page, "walnut", 1)
    page.get_by_text("Filters").click()
    page.get_by_label("Status", exact=True).select_option("closed")
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()
    page.get_by_role("button", name="Take the filters away").click()
    expect(hits(page)).to_have_count(1)
    keys.press("Escape")
    expect(page.locator("inbox-search")).to_have_count(0)


def test_a_stranger_s_words_stay_words(page: Page, live_server: LiveServer, company: Company) -> None:
    written(live_server, company)
    enter(page.context, live_server, company.email("agent"))
    page.goto(f"{live_server.url}/w/acme/inbox/search")
    look_for(page, "needle", 1)
    expect(page.locator("#hits .search__text")).to_have_text(EVIL)
    expect(page.locator("#hits mark")).to_have_count(2)
    expect(page.locator("#hits img")).to_have_count(0)


def test_an_old_message_is_shown_where_it_stands(page: Page, live_server: LiveServer, company: Company) -> None:
    visitor_writes(live_server.app, company, "the needle in the haystack")
    with inside(live_server.app, company) as it:
        for number in range(120):
            messages.send_reply(it.conversation, by=it.member("agent"), text=f"hay {number}", client_id=uuid7())
    look_through(live_server)
    enter(page.context, live_server, company.email("agent"))
    page.goto(f"{live_server.url}/w/acme/inbox/search")
    look_for(page, "needle", 1)
    hits(page).get_by_role("link").click()
    found = page.locator(".message.is-found")
    expect(found).to_contain_text("the needle in the haystack")
    expect(found).to_be_in_viewport()
    expect(page.locator(".thread__log .bubble").last).to_contain_text("hay 119")
    expect(page.locator("inbox-live")).to_have_attribute("data-state", "live")


def test_on_a_phone_the_way_back_leads_to_what_was_found(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    written(live_server, company)
    context = new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    enter(context, live_server, company.email("agent"))
    page = context.new_page()
    page.goto(f"{live_server.url}/w/acme/inbox")
    page.get_by_role("link", name="Search").tap()
    look_for(page, "walnut", 1)
    hits(page).get_by_role("link").tap()
    expect(page.get_by_role("region", name="Conversation with Daniel")).to_be_visible()
    expect(page.locator("inbox-search")).to_be_hidden()
    page.get_by_role("link", name="Back to the list").tap()
    expect(hits(page)).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("walnut")
    page.get_by_role("button", name="Leave the search").tap()
    expect(page.locator("#rows > .row")).to_have_count(4)
