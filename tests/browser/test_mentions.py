"""A colleague is called in a note: by keys, and they hear of it where they are."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.factories import Company
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer


def test_who_is_called_sees_it_come(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, inbox: InboxPage
) -> None:
    inbox.open("?view=mentions")
    expect(inbox.rows).to_have_count(0)
    caller = InboxPage.of(new_context(), live_server, company, "admin")
    caller.open_conversation("Ada")
    page, keys = caller.page, caller.page.keyboard
    keys.press("r")
    keys.type("@a")  # a reply calls nobody
    expect(caller.composer).to_have_value("@a")
    picker = page.get_by_role("listbox", name="Colleagues and teams")
    expect(picker).to_be_hidden()
    caller.composer.fill("")
    page.get_by_role("button", name="Private note").click()
    note = page.get_by_role("textbox", name="Private note")
    keys.type("What do you think, @ag")
    expect(picker.get_by_role("option")).to_have_count(1)
    assert inspect(page, "mentions", thorough=False) == []
    keys.press("Enter")
    keys.type("and @sup")
    keys.press("Tab")
    expect(note).to_have_value("What do you think, @Agent and @Support ")
    keys.type("are asked")
    expect(picker).to_be_hidden()
    keys.press("Control+Enter")
    expect(caller.thread.locator(".mention")).to_have_text(["@Agent", "@Support"])
    expect(caller.thread.locator(".mention[data-me]")).to_have_count(0)

    expect(inbox.names).to_have_text(["Ada"])
    expect(inbox.view_count("Mentions")).to_have_text("1")
    inbox.open_conversation("Ada")
    expect(inbox.thread.locator(".mention[data-me]")).to_have_text(["@Agent", "@Support"])
    inbox.page.get_by_role("button", name="Close", exact=True).first.click()
    expect(inbox.rows).to_have_count(0)
