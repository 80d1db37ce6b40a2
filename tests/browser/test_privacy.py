"""A person is exported and erased, as an owner does it, while a colleague looks at their conversation."""

import zipfile

from playwright.sync_api import expect

from tests.browser.conftest import Door
from tests.factories import Company
from tests.support.inbox_page import InboxPage
from tests.support.words import Surroundings


def test_the_erased_leave_every_inbox_and_a_receipt(
    door: Door, surroundings: Surroundings, company: Company, inbox: InboxPage
) -> None:
    inbox.open(f"/{company.conversation_id}")
    expect(inbox.rows).to_have_count(1)

    say, page = surroundings.say, door("owner", f"/w/{company.slug}/inbox/{company.conversation_id}")
    link = page.get_by_role("link", name=say("Data and erasure"))
    if not link.is_visible():  # the panel lies behind the thread
        page.get_by_role("button", name=say("Contact panel")).click()
    link.click()
    page.get_by_role("button", name=say("Make the file")).click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=say("Download")).click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert b"hello acme" in archive.read("conversations.json")

    page.get_by_role("button", name=say("Erase this person")).click()
    page.get_by_role("button", name=say("Erase for good")).click()
    kept = say("Who it was is kept only as a hash, so that a restored backup can be cleared of them again.")
    expect(page.get_by_text(kept)).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=say("Text")).click()
    assert "messages: 1" in waiting.value.path().read_text()

    expect(inbox.rows).to_have_count(0)
    expect(inbox.page.get_by_text("This conversation was erased")).to_be_visible()
