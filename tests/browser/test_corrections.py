"""An agent edits and deletes what they said: in every window that is open, and in those that come back."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.test_nothing_lost import CUT
from tests.factories import Company
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage

# An answer that was under way for long, and a push that overtook it.
OLDER_COPIES = """async (modules) => {
  const { Conversation } = await import(modules.find((url) => url.includes("conversation")));
  const author = { type: "agent" };
  const copy = (revision, text, more = {}) => ({ id: "m", seq: 3, revision, text, html: text, author, ...more });
  const page = (messages, seq, more = {}) => ({ epoch: "e", seq, status: "open", messages, ...more });
  const shown = new Conversation("c", async () => page([], 7));
  shown.take(page([copy(3, "first")], 6, { has_older: true }));
  await shown.receive(copy(7, "edited"));
  shown.take(page([copy(3, "first")], 3));
  await shown.receive(copy(3, "first"));
  await shown.receive({ ...copy(8, "before this page"), id: "n", seq: 1 });
  return shown.messages.map(({ text }) => text);
}"""

# A change to a message that is older than the page on the screen.
BEFORE_THE_PAGE = """async () => {
  const list = document.querySelector(".thread__log");
  const older = list.querySelector(".older");
  const text = `<li class="message" id="message-x" data-place="0.5" data-revision="99" data-author="visitor:"></li>`;
  older.hidden = false;
  await htmx.swap({ sourceElement: list, target: list, swap: "place", text });
  older.hidden = true;
  return Boolean(document.getElementById("message-x"));
}"""


def test_what_is_edited_and_deleted_changes_in_every_window(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    company: Company,
    widget: WidgetPage,
    page_faults: PageFaults,
) -> None:
    page_faults.allow(CUT)
    widget.open()
    widget.say("Do you ship to Portugal?")
    inbox = InboxPage.of(new_context(), live_server, company)
    inbox.rows.first.get_by_role("link").click()
    inbox.say("We do, within tree days.")
    inbox.say("My pasword is swordfish.")
    colleague = InboxPage.of(new_context(), live_server, company, "admin")
    colleague.rows.first.get_by_role("link").click()
    expect(colleague.said).to_have_count(3)
    widget.expect_said(["Do you ship to Portugal?", "We do, within tree days.", "My pasword is swordfish."])

    # One window hears it live; the visitor is away and catches up.
    widget.page.context.set_offline(True)
    page, mine = inbox.page, inbox.thread.locator("[data-mine]")
    menu = page.get_by_role("button", name="What to do with this message")
    mine.first.hover()
    menu.nth(1).click()  # the first one is the visitor's
    page.get_by_role("menuitem", name="Edit").click()
    text = page.get_by_role("dialog").get_by_role("textbox", name="Text")
    expect(text).to_be_focused()
    assert inspect(page, "edit message", thorough=False) == []
    text.fill("We do, within three days.")
    page.get_by_role("button", name="Save").click()
    expect(mine.first).to_contain_text("three days")
    expect(menu.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(menu.first).to_be_focused()
    assert page.locator(".message__menu[tabindex='0']").count() == 1
    assert not page.evaluate(BEFORE_THE_PAGE)
    inbox.thread.locator(".message--visitor").first.hover()
    menu.first.click()
    expect(page.get_by_role("menuitem", name="Edit")).to_be_hidden()
    page.keyboard.press("Escape")
    mine.last.hover()
    menu.last.click()
    page.get_by_role("menuitem", name="Quote").click()
    expect(page.locator("[data-quote]")).to_contain_text("My pasword is swordfish.")
    page.keyboard.type("Forget **that**.")
    page.keyboard.press("Control+Enter")
    expect(mine.last.locator("strong")).to_have_text("that")
    mine.nth(1).hover()
    menu.nth(2).click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    after = ["Do you ship to Portugal?", "We do, within three days.", "Message deleted"]
    inbox.expect_said([*after, "Message deleted Forget that."])
    colleague.expect_said([*after, "Message deleted Forget that."])
    expect(colleague.rows.first.locator(".row__preview")).to_have_text("Team: Forget that.")
    widget.page.context.set_offline(False)
    widget.expect_said([*after, re.compile(r"Message deleted\s*Forget that\.")])
    expect(widget.panel.get_by_text("Edited")).to_have_count(1)

    # What it said before is for colleagues.
    colleague.thread.get_by_role("button", name="Edited").click()
    expect(colleague.page.get_by_role("dialog", name="What it said before")).to_contain_text("within tree days")
    assert "tree" not in widget.panel.locator("body").inner_text()

    frame = next(one for one in widget.page.frames if "/widget/" in one.url)
    modules = frame.evaluate("[...document.querySelectorAll('[rel=modulepreload]')].map((link) => link.href)")
    assert frame.evaluate(OLDER_COPIES, modules) == ["edited"]
