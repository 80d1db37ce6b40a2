"""What a link leads to appears below it in every window, and nobody is moved away from what they read."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import BrowserContext, Locator, expect
from sqlalchemy import select

from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.common.pictures import square
from chatapp.conversations import queries as conversations
from chatapp.messages import corrections, queries, services
from chatapp.messages.models import Message
from tests.factories import Company, inside, make_link_card
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer
from tests.support.picture_files import picture_file
from tests.support.widget_page import WidgetPage

LINK = "https://shop.invalid/shoes"  # nobody is there: the worker finds nothing


def test_a_card_comes_in_live_and_moves_nobody(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, widget: WidgetPage
) -> None:
    widget.open()
    widget.say(f"These? {LINK}")
    inbox = InboxPage.of(new_context(), live_server, company)
    inbox.rows.first.get_by_role("link").click()
    expect(inbox.said).to_have_count(1)
    with inside(live_server.app, company) as it:
        linked = db.session.scalars(select(Message).where(Message.text.contains(LINK))).one()
        conversation, linked_id = conversations.locked(linked.conversation_id), linked.id
        for number in range(30):
            services.send_reply(conversation, by=it.member("admin"), text=f"Line {number}.", client_id=uuid7())
    logs = inbox.page.locator("message-log"), widget.panel.locator(".thread__scroll")
    lines = [inbox.thread.get_by_text("Line 10.", exact=True), widget.panel.get_by_text("Line 10.", exact=True)]
    for log, line in zip(logs, lines, strict=True):
        expect(line).to_be_attached()
        line.scroll_into_view_if_needed()
        log.evaluate("log => { log.scrollTop -= 40; }")
        log.evaluate("() => new Promise(requestAnimationFrame)")
    before = [place_of(line) for line in lines]

    show(live_server, company, linked_id, title="Red <i>shoes</i>")
    cards = inbox.thread.locator(".link-card"), widget.panel.locator(".card:visible")
    for shown, line, top in zip(cards, lines, before, strict=True):
        expect(shown).to_contain_text("Red <i>shoes</i>")
        assert abs(place_of(line) - top) <= 1, "what is being read has moved"
        shown.scroll_into_view_if_needed()
        expect(shown.locator("img")).to_have_js_property("naturalWidth", 256)
        expect(shown).to_have_attribute("href", LINK)


def show(server: LiveServer, company: Company, message_id: UUID, *, title: str) -> None:
    with inside(server.app, company):
        picture = {"picture": square(picture_file()), "picture_token": uuid7().hex}
        card = make_link_card(title, description="Softer than they look", **picture)
        db.session.add(card)
        message = queries.message(message_id)
        corrections.show_card(conversations.locked(message.conversation_id), message, card.facts(LINK))


def place_of(line: Locator) -> float:
    box = line.bounding_box()
    assert box is not None
    return box["y"]
