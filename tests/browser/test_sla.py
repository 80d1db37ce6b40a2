"""What is due, in front of an agent: counted down, late the moment it is, gone with the answer."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.sla.models import SlaClock
from tests.factories import Company, inside, visitor_writes
from tests.sla.stage import promise
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer

NAME = "Grace"


def test_a_target_is_counted_down_then_late_and_gone_with_the_answer(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    with inside(live_server.app, company):
        promise(first_response=20, next_response=None, resolution=None)
    inbox = InboxPage.of(new_context(), live_server, company)
    visitor_writes(live_server.app, company, "Where is my lamp?", name=NAME)
    due = inbox.row(NAME).locator("due-time")
    expect(due).to_have_text(re.compile("20 min"))
    inbox.open_conversation(NAME)
    expect(inbox.page.locator(".thread__actions .due")).to_contain_text("First answer")
    inbox.page.set_viewport_size({"width": 390, "height": 844})
    expect(inbox.page.locator(".thread__sub .due")).to_be_visible()
    expect(inbox.page.locator(".thread__name")).to_be_in_viewport()
    inbox.page.set_viewport_size({"width": 1440, "height": 900})

    os.kill(live_server.process_id("clock"), signal.SIGKILL)  # dies before it could say anything, and is started again
    with inside(live_server.app, company):
        clock = db.session.scalars(select(SlaClock)).one()
        clock.warn_at, clock.due_at = now() - timedelta(minutes=9), now() - timedelta(minutes=6)
    expect(inbox.activities).to_have_text(["The first answer is late"], timeout=40_000)
    expect(due).to_have_text(re.compile(r"\d+ mins? late"))
    expect(inbox.view_count("Due next")).to_have_text("1")
    assert inspect(inbox.page, "late", thorough=False) == []

    inbox.say("It left this morning.")
    expect(inbox.row(NAME).locator("due-time")).to_have_count(0)
    inbox.open("?view=due")
    expect(inbox.page.get_by_text("Nothing is due")).to_be_visible()


def test_what_is_due_next_stands_on_top_and_moves_live(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    with inside(live_server.app, company):
        policy = promise(first_response=60, next_response=None, resolution=None)
    inbox = InboxPage.of(new_context(), live_server, company)
    inbox.open("?view=due")
    visitor_writes(live_server.app, company, "first", name="Ada")
    expect(inbox.names).to_have_text(["Ada"])
    with inside(live_server.app, company):
        db.session.merge(policy).first_response = 30
    visitor_writes(live_server.app, company, "second", name="Bob")
    expect(inbox.names).to_have_text(["Bob", "Ada"])
