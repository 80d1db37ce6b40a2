"""What strangers write stays text, wherever it is shown: rows, threads, panels, settings, the visitor's widget."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from chatapp.common.ids import uuid7
from chatapp.messages import services as messages
from tests.factories import Company, inside, visitor_writes
from tests.support.browser import PageFaults
from tests.support.customer_site import page_with
from tests.support.hostile import CORPUS, Witness
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage

BROUGHT_IN = "xss-probe, a[href^='javascript:'], [onerror], [onload], [hx-on\\:htmx\\:after\\:request], img[src='x']"


def test_two_hundred_hostile_texts_stay_texts(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    company: Company,
    customer_site: Callable[[str], str],
) -> None:
    witness = Witness()
    names, texts = CORPUS[::8], [text for place, text in enumerate(CORPUS) if place % 8]
    with inside(live_server.app, company) as it:
        it.project.name = CORPUS[6]
        it.member("agent").user.name = CORPUS[3]
        for place, text in enumerate(texts):
            messages.send_reply(
                it.conversation, by=it.member("agent"), text=text, client_id=uuid7(), private=place % 3 == 0
            )
    for name in names:
        visitor_writes(live_server.app, company, name, name=name)

    context = new_context()
    witness.watch(context)
    inbox = InboxPage.of(context, live_server, company)
    expect(inbox.rows).to_have_count(len(names) + 1)
    assert inbox.names.all_inner_texts()[:-1] == [as_shown(name) for name in reversed(names)]
    inbox.open(f"/{company.conversation_id}")
    show_everything(inbox, len(texts) + 1)
    expect_nothing_came_of_it(inbox.page)

    # Live, and back in the widget of somebody who stands on a hostile page.
    visitors = new_context()
    witness.watch(visitors)
    snippet = f'<script src="{live_server.url}/widget.js" data-key="demo-acme-site-key" async></script>'
    address = customer_site(page_with(snippet, title=CORPUS[3].replace("<", "&lt;")))
    widget = WidgetPage(visitors.new_page(), f"{address}?{CORPUS[3]}#{CORPUS[10]}")
    widget.open()
    for text in CORPUS[:6]:
        widget.say(text)
    expect(inbox.rows).to_have_count(len(names) + 2)
    inbox.rows.first.get_by_role("link").click()
    expect(inbox.said).to_have_count(6)
    for text in CORPUS[6:10]:
        inbox.say(text)
    expect(widget.said).to_have_text([as_shown(text) for text in CORPUS[:10]])
    expect_nothing_came_of_it(inbox.page)
    assert widget.panel.locator(BROUGHT_IN).count() == 0

    for path in ("/w/acme/", "/w/acme/projects", f"/w/acme/projects/{company.project_id}/settings/widget"):
        inbox.page.goto(live_server.url + path)
        expect_nothing_came_of_it(inbox.page)
    assert witness.executions == []


def test_the_witness_sees_what_such_texts_do_where_nobody_escapes_them(
    page: Page, customer_site: Callable[[str], str], page_faults: PageFaults
) -> None:
    page_faults.allow(".")
    witness = Witness()
    witness.watch(page.context)
    page.goto(customer_site(page_with("")))
    page.evaluate(
        """texts => texts.forEach((text) => {
          document.body.appendChild(document.createElement("div")).innerHTML = text;
        })""",
        CORPUS,
    )
    page.wait_for_function("document.querySelectorAll('xss-probe').length >= 5")
    page.wait_for_load_state("networkidle")
    assert len(witness.executions) > len(CORPUS) / 4
    assert page.locator(BROUGHT_IN).count() > len(CORPUS) / 4


def as_shown(text: str) -> str:
    """As a browser renders it: runs of white space are one."""
    return re.sub(r"\s+", " ", text)


def show_everything(inbox: InboxPage, count: int) -> None:
    """Scroll up until the whole thread is there."""
    expect(inbox.said.last).to_be_visible()
    for _ in range(count // 40):
        inbox.page.locator("message-log").evaluate("log => { log.scrollTop = 0; }")
        inbox.page.wait_for_function(
            "before => document.querySelectorAll('.thread__log > .message').length !== before", arg=inbox.said.count()
        )
        if inbox.said.count() == count:
            return
    expect(inbox.said).to_have_count(count)


def expect_nothing_came_of_it(page: Page) -> None:
    assert page.locator(BROUGHT_IN).count() == 0
