"""A person is exported and erased, as an owner does it, while a colleague looks at their conversation."""

import zipfile
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.factories import Company
from tests.support.inbox_page import InboxPage, enter
from tests.support.live import LiveServer


def test_the_erased_leave_every_inbox_and_a_receipt(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, inbox: InboxPage
) -> None:
    inbox.open(f"/{company.conversation_id}")
    expect(inbox.rows).to_have_count(1)

    context = new_context()
    enter(context, live_server, company.email("owner"))
    page = context.new_page()
    page.goto(f"{live_server.url}/w/{company.slug}/inbox/{company.conversation_id}")
    page.get_by_role("link", name="Data and erasure").click()
    page.get_by_role("button", name="Make the file").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert b"hello acme" in archive.read("conversations.json")

    page.get_by_role("button", name="Erase this person").click()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("Who it was is kept only as a hash")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Text").click()
    assert "messages: 1" in waiting.value.path().read_text()

    expect(inbox.rows).to_have_count(0)
    expect(inbox.page.get_by_text("This conversation was erased")).to_be_visible()
