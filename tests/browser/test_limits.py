"""How long a message may be is told before it is sent, in both windows, and nothing is cut off or lost."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from chatapp.channels.limits import WEB, limits_of
from tests.browser.conftest import OPENED
from tests.factories import Company
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage

LIMITS = limits_of(WEB)


def test_what_is_left_is_told_and_what_is_too_long_stays(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, widget: WidgetPage
) -> None:
    inbox = InboxPage.of(new_context(), live_server, company)
    inbox.rows.first.get_by_role("link").click()
    text, told = inbox.composer, inbox.page.locator("[data-length]")
    text.fill("é" * (LIMITS.reply - 501))
    expect(told).to_be_hidden()
    text.fill(" " + "😀" * (LIMITS.reply - 400) + " ")
    expect(told).to_have_text("Characters left: 400")
    text.fill("é" * (LIMITS.reply + 12))
    expect(told).to_have_text("Too long to send. Characters to take out: 12")
    inbox.page.get_by_role("button", name="Send", exact=True).click()
    expect(text).to_have_value("é" * (LIMITS.reply + 12))
    text.fill("é" * LIMITS.reply)
    expect(told).to_have_text("Characters left: 0")
    inbox.page.get_by_role("button", name="Send", exact=True).click()
    expect(told).to_be_hidden()
    inbox.expect_said([OPENED, "é" * LIMITS.reply])

    widget.open()
    note = widget.panel.locator("#write-note")
    widget.box.fill("é" * (LIMITS.message - 100))
    expect(note).to_have_text("Characters left: 100")
    widget.box.fill("é" * (LIMITS.message + 5))
    expect(note).to_have_text("Your message is 5 characters too long.")
    widget.box.press("Enter")
    expect(widget.box).to_have_value("é" * (LIMITS.message + 5))
    widget.say("Shorter")
    expect(note).to_be_hidden()
