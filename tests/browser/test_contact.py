"""An agent writes down who a contact is: every list and panel shows it at once, and a mistake loses nothing."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from chatapp.common.ids import uuid7
from chatapp.endusers import services as endusers
from chatapp.messages import services as messages
from tests.factories import Company, inside
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer


def test_a_contact_gets_a_name_that_everybody_sees(
    inbox: InboxPage, new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    other = InboxPage.of(new_context(), live_server, company, role="admin")
    for window in (inbox, other):
        window.open_conversation("Ada")
    page = inbox.page
    page.get_by_role("button", name="Change name and mail address").click()
    page.get_by_role("textbox", name="Name").fill("Ada Lovelace")
    page.get_by_role("textbox", name="Email").fill("ada@example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This does not look like a mail address.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Ada Lovelace")
    assert inspect(page, "about a contact", thorough=False) == []
    page.get_by_role("textbox", name="Email").fill("ada@example.org")
    page.get_by_role("button", name="Save").click()

    for window in (inbox, other):
        expect(window.row("Ada Lovelace")).to_be_visible()
        expect(window.page.locator(".contact__about")).to_contain_text("ada@example.org")
        expect(window.page.locator(".thread__name")).to_have_text("Ada Lovelace")


def test_what_they_wrote_before_is_beside_it(inbox: InboxPage, live_server: LiveServer, company: Company) -> None:
    with inside(live_server.app, company) as it:
        messages.close(it.conversation, by=it.member("agent"))
    with inside(live_server.app, company) as it:
        again = endusers.ensure(company.end_user_id)
        messages.receive(it.project, again, text="Another question", client_id=uuid7())
    expect(inbox.rows).to_have_count(1)
    inbox.open_conversation("Ada")
    inbox.page.get_by_role("link", name="hello acme").click()
    expect(inbox.said).to_have_text(["Ada said: hello acme"])
    expect(inbox.page.locator(".past__line")).to_contain_text("Another question")


def test_whoever_only_reads_changes_nobody(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    viewer = InboxPage.of(new_context(), live_server, company, role="viewer")
    viewer.open_conversation("Ada")
    expect(viewer.page.locator(".contact__about")).to_be_visible()
    expect(viewer.page.get_by_role("button", name="Change name and mail address")).to_be_hidden()
