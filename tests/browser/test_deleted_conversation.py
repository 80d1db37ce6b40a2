"""A conversation goes while its visitor writes in it."""

from __future__ import annotations

from uuid import UUID

from playwright.sync_api import expect

from chatapp.privacy.services import deletions
from tests.factories import Company, inside
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage


def test_what_is_said_where_the_conversation_was_deleted_begins_another(
    widget: WidgetPage, inbox: InboxPage, company: Company, live_server: LiveServer, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 404")
    widget.open()
    widget.say("Where is my lamp?")
    widget.expect_said(["Where is my lamp?"])
    expect(inbox.rows).to_have_count(2)
    began = UUID(str(inbox.rows.first.get_attribute("data-id")))
    with inside(live_server.app, company) as it:
        deletions.delete(began, by=it.member("owner"))
    expect(inbox.rows).to_have_count(1)
    widget.say("Hello?")
    widget.say("Anybody there?")
    widget.expect_said(["Hello?", "Anybody there?"])
    inbox.rows.first.get_by_role("link").click()
    inbox.expect_said(["Hello?", "Anybody there?"])
