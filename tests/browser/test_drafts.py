"""What somebody began to write goes on in another browser, and nothing of it is lost between two tabs."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Response, expect

from chatapp.messages import drafts
from tests.factories import Company, inside
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer


def is_draft(answer: Response) -> bool:
    return answer.url.endswith("/draft")


def saved(inbox: InboxPage, text: str) -> None:
    """Type into the composer's text, and wait until the server has it."""
    with inbox.page.expect_response(is_draft) as answer:
        inbox.page.locator(".composer__text").fill(text)
    assert answer.value.ok


def test_a_draft_goes_on_elsewhere(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, inbox: InboxPage
) -> None:
    inbox.open_conversation("Ada")
    saved(inbox, "Dear Ada,\nwe")
    inbox.page.get_by_role("button", name="Private note").click()
    saved(inbox, "Is that so?")
    expect(inbox.row("Ada")).to_have_class(re.compile("has-draft"))

    other = InboxPage.of(new_context(), live_server, company)
    expect(other.row("Ada").get_by_text("Draft")).to_be_visible()
    other.open_conversation("Ada")
    expect(other.composer).to_have_value("Dear Ada,\nwe")
    saved(other, "Dear Ada, we are sorry.")

    # The first one goes on as if nothing had happened, and then looks again: both are there.
    inbox.page.get_by_role("button", name="Reply", exact=True).click()
    expect(inbox.composer).to_have_value("Dear Ada,\nwe")
    inbox.open(f"/{company.conversation_id}")
    expect(inbox.page.get_by_role("textbox", name="Private note")).to_be_hidden()
    expect(inbox.composer).to_have_value("Dear Ada,\nwe")
    inbox.page.get_by_role("button", name="Show it instead").click()
    expect(inbox.composer).to_have_value("Dear Ada, we are sorry.")
    with inbox.page.expect_response(lambda one: is_draft(one) and "sorry" not in str(one.request.post_data)):
        inbox.page.get_by_role("button", name="Show it instead").click()
    expect(inbox.composer).to_have_value("Dear Ada,\nwe")

    # What is sent is no draft any more; what the other window says, and the note, still are.
    other.page.keyboard.press("Control+Enter")
    other.expect_said(["hello acme", "Dear Ada, we are sorry."])
    with inside(live_server.app, company):
        left = drafts.drafts_of(company.conversation_id, company.members["agent"])
        assert {kind: draft.text for kind, draft in left.items()} == {"reply": "Dear Ada,\nwe", "note": "Is that so?"}
    saved(inbox, "")
    inbox.page.get_by_role("button", name="Private note").click()
    saved(inbox, "")
    expect(inbox.row("Ada").get_by_text("Draft")).to_be_hidden()
