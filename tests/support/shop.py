"""The pretend shop in a window, and what a visitor does with the chat in its corner."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

from chatapp.common.ids import uuid7
from chatapp.conversations import queries as conversations
from chatapp.messages import queries as messages
from chatapp.messages import services
from tests.factories import Company, inside, make_company
from tests.support.live import LiveServer

DEMO_KEY = "demo-acme-site-key"
NO_SOCKETS = """
    window.WebSocket = class {
        constructor() { setTimeout(() => this.onclose({ code: 1006 }), 10); }
        send() {}
        close() {}
    };
"""


def make_shop_owner(server: LiveServer) -> Company:
    """The company whose key stands in the pretend shop."""
    company = make_company(server.app)
    with inside(server.app, company) as here:
        here.project.site_key = DEMO_KEY
    return company


class Shop:
    """The pretend shop in one window, and the chat in its corner."""

    def __init__(self, page: Page, server: LiveServer, company: Company) -> None:
        self.page, self.server, self.company = page, server, company
        self.requests: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(f"{server.other_url}/demo")

    @property
    def panel(self) -> FrameLocator:
        return self.page.frame_locator("iframe[title=Chat]")

    def open(self) -> None:
        self.page.get_by_role("button", name="Open the chat").click()
        expect(self.box).to_be_visible()

    @property
    def box(self) -> Locator:
        return self.panel.get_by_role("textbox", name="Message")

    def write(self, *texts: str) -> None:
        for text in texts:
            self.box.fill(text)
            self.panel.get_by_role("button", name="Send").click()

    def texts(self) -> list[str]:
        return self.panel.locator(".say__text").all_inner_texts()

    def expect_texts(self, *texts: str | re.Pattern[str]) -> None:
        expect(self.panel.locator(".say__text")).to_have_text(list(texts), timeout=15_000, use_inner_text=True)

    def answer(self, *texts: str) -> None:
        """The team answers in the visitor's latest conversation."""
        with inside(self.server.app, self.company) as here:
            page = conversations.page_of("all", me=here.member("agent").user_id)
            for text in texts:
                services.send_reply(page.rows[0], by=here.member("agent"), text=text, client_id=uuid7())

    def record(self) -> list[str]:
        """What the database has of the visitor's latest conversation, in its order."""
        with inside(self.server.app, self.company) as here:
            page = conversations.page_of("all", me=here.member("agent").user_id)
            return [message.text for message in messages.since(page.rows[0].id, 0, for_visitor=True)]

    def close_conversation(self) -> None:
        """The team closes the visitor's latest conversation."""
        with inside(self.server.app, self.company) as here:
            page = conversations.page_of("all", me=here.member("agent").user_id)
            services.close(page.rows[0], by=here.member("agent"))
