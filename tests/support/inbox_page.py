"""An agent in front of the inbox, as a browser test drives it: found by the names that people see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select

from chatapp.auth import services as auth
from chatapp.auth.models import User
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from tests.factories import Company
from tests.support.live import LiveServer

# Looks at the thread in each frame that is painted after a change: the same words twice, if for a moment, are a fault.
_WATCH = """
    window.doubled = [];
    let due = false;
    const look = () => {
      due = false;
      const lines = [...document.querySelectorAll(".thread__log :is(.bubble, .note__text)")];
      const said = lines.map((line) => line.lastChild?.textContent.trim());
      window.doubled.push(...said.filter((text, place) => said.indexOf(text) !== place));
    };
    new MutationObserver(() => {
      if (!due) requestAnimationFrame(look);
      due = true;
    }).observe(document, { subtree: true, childList: true, characterData: true });
"""


def enter(context: BrowserContext, server: LiveServer, email: str) -> None:
    """Log in without the page, for tests that are about something else: comparing a password takes 20 ms of a core."""
    with server.app.app_context():
        user_id = db.session.scalars(select(User.id).where(User.email == email)).one()
    enter_as(context, server, user_id)


def enter_as(context: BrowserContext, server: LiveServer, user_id: UUID) -> None:
    """A session of this user's, whatever their account asks for at the door: operators have a second step."""
    with server.app.app_context(), unit_of_work():
        user = db.session.get_one(User, user_id)
        token = auth.start_session(user, ip="127.0.0.1", user_agent="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    signer = server.app.session_interface.get_signing_serializer(server.app)  # type: ignore[attr-defined]
    context.add_cookies([{"name": "chatapp", "value": signer.dumps({"_user_id": token}), "url": server.url}])


class InboxPage:
    """One window with the inbox of a company."""

    def __init__(self, page: Page, server: LiveServer, company: Company) -> None:
        self.page = page
        page.add_init_script(_WATCH)
        self.root = f"{server.url}/w/{company.slug}/inbox"

    @classmethod
    def of(cls, context: BrowserContext, server: LiveServer, company: Company, role: str = "agent") -> InboxPage:
        """Logged in, with the inbox open and its socket connected."""
        enter(context, server, company.email(role))
        inbox = cls(context.new_page(), server, company)
        inbox.open()
        return inbox

    def open(self, query: str = "") -> None:
        self.page.goto(self.root + query)
        self.expect_state("live")

    def open_conversation(self, name: str) -> None:
        """Click its row and wait until its thread is there and listened to."""
        self.row(name).get_by_role("link").click()
        expect(self.page.get_by_role("region", name=f"Conversation with {name}", exact=True)).to_be_visible()
        self.expect_state("live")

    def expect_state(self, state: str, timeout: float | None = None) -> None:
        """`live` is what "In sync" says, `away` is "Reconnecting…"."""
        expect(self.page.locator("inbox-live")).to_have_attribute("data-state", state, timeout=timeout)

    def expect_said(self, texts: Sequence[str]) -> None:
        """The thread shows exactly this, once each, in this order, and none of it waits to be sent."""
        endings = [re.compile(rf"(^|\s){re.escape(text)}$") for text in texts]
        expect(self.said).to_have_text(endings)
        expect(self.thread.locator(".is-pending")).to_have_count(0)

    def expect_holds(self, texts: Sequence[str]) -> None:
        """As `expect_said`, where the order is for the server to decide."""
        expect(self.said).to_have_count(len(texts))
        expect(self.thread.locator(".is-pending")).to_have_count(0)
        for text in texts:
            expect(self.said.filter(has_text=re.compile(rf"(^|\s){re.escape(text)}$"))).to_have_count(1)

    def expect_never_doubled(self) -> None:
        """Since the page was loaded, no frame showed the same words twice."""
        assert self.page.evaluate("window.doubled") == []

    def pretend_hidden(self, hidden: bool) -> None:
        """What the page sees when its tab goes behind another one, or comes back."""
        self.page.evaluate(
            """hidden => {
              const seen = { hidden, visibilityState: hidden ? "hidden" : "visible" };
              Object.entries(seen).forEach(([name, value]) =>
                Object.defineProperty(document, name, { value, configurable: true }));
              document.dispatchEvent(new Event("visibilitychange"));
            }""",
            hidden,
        )

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.page.get_by_role("button", name="Send").click()

    def note(self, text: str) -> None:
        """Write a private note, and turn back to replying."""
        self.page.get_by_role("button", name="Private note").click()
        self.page.get_by_role("textbox", name="Private note").fill(text)
        self.page.get_by_role("button", name="Send").click()
        self.page.get_by_role("button", name="Reply", exact=True).click()

    def assign(self, choice: str) -> None:
        """Open the assignment menu and choose somebody, or a team."""
        self.page.get_by_role("button", name=re.compile(r"\. Assign$")).click()
        self.page.get_by_role("dialog", name="Assign to").get_by_role("button", name=choice, exact=True).click()

    def row(self, name: str) -> Locator:
        return self.rows.filter(has=self.page.get_by_role("link", name=name, exact=True))

    def view_count(self, view: str) -> Locator:
        """The number beside "Mine", "Unassigned" or "All"."""
        return self.page.locator("#views li").filter(has_text=view).locator(".count")

    @property
    def rows(self) -> Locator:
        return self.page.locator("#rows > .row")

    @property
    def names(self) -> Locator:
        """The names in the list, from the top."""
        return self.page.locator("#rows .row__name")

    @property
    def thread(self) -> Locator:
        return self.page.locator(".thread__log")

    @property
    def said(self) -> Locator:
        """What people said, notes included; no activity lines."""
        return self.thread.locator(".bubble, .note__text")

    @property
    def activities(self) -> Locator:
        return self.thread.locator(".activity > span")

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Reply")
