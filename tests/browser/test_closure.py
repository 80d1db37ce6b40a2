"""A workspace is deleted and taken back: in front of its owner, of a colleague at work, and in the owner's letters."""

from __future__ import annotations

from babel.dates import format_date
from playwright.sync_api import expect

from chatapp.closures.services import GRACE
from chatapp.common.clock import now
from tests.browser.conftest import Door
from tests.factories import Company
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer
from tests.support.mailbox import follow_letter
from tests.support.words import Surroundings


def test_a_workspace_is_deleted_and_taken_back_within_its_days_of_grace(
    door: Door,
    surroundings: Surroundings,
    live_server: LiveServer,
    company: Company,
    inbox: InboxPage,
    page_faults: PageFaults,
) -> None:
    page_faults.allow("status of 4(03|09)")
    page_faults.allow("WebSocket")
    say = surroundings.say
    owner = door("owner", f"/w/{company.slug}/settings/deletion")
    expect(owner.locator(".side [aria-current]")).to_be_in_viewport()
    name = owner.get_by_label(say("Name of the workspace"))
    delete = owner.get_by_role("button", name=say("Delete workspace"))
    name.fill("acme")
    delete.click()
    expect(owner.get_by_text(say("This is not the name of the workspace."))).to_be_visible()
    expect(name).to_have_value("acme")
    name.fill("Acme")
    delete.click()
    closed = owner.get_by_role("heading", name=say("%(name)s is closed", name="Acme"))
    expect(closed).to_be_visible()
    expect(inbox.page.get_by_role("heading", name="Acme is closed")).to_be_visible(timeout=5_000)
    expect(inbox.page.get_by_role("button", name="Keep it")).to_have_count(0)
    assert inspect(owner, "closed", thorough=False) == []

    owner.set_viewport_size(surroundings.options["viewport"])  # type: ignore[arg-type]
    date = format_date((now() + GRACE).date(), locale=surroundings.locale)
    subject = say("%(workspace)s is closed and will be deleted on %(date)s", workspace="Acme", date=date)
    follow_letter(owner, live_server, subject, company.email("owner"), button=say("Open it again"))
    owner.get_by_role("button", name=say("Keep it")).click()
    expect(owner.get_by_text(say("The workspace is open again, as it was."))).to_be_visible()
    inbox.open(f"/{company.conversation_id}")
    inbox.expect_said(["hello acme"])
