"""The back office as its operators see it, and the strip over every page while one stands in for somebody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from chatapp.auth.models import User
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.workspaces import services as workspaces
from chatapp.workspaces.models import Workspace
from tests.backoffice.conftest import OPERATOR, make_operator
from tests.factories import Company, inside, make_user
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage, enter_as
from tests.support.inspection import inspect
from tests.support.live import LiveServer
from tests.support.words import Surroundings


@pytest.fixture
def at_the_desk(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, surroundings: Surroundings
) -> BrowserContext:
    """An operator's browser, past the door and its second step."""
    context, user_id = new_context(**surroundings.options), make_operator(live_server.app, OPERATOR)
    with live_server.app.app_context(), unit_of_work():
        db.session.get_one(User, user_id).locale = surroundings.locale
    enter_as(context, live_server, user_id)
    return context


def test_an_operator_stands_in_and_stops(
    at_the_desk: BrowserContext,
    surroundings: Surroundings,
    live_server: LiveServer,
    company: Company,
    page_faults: PageFaults,
) -> None:
    page_faults.allow("status of 403")
    say = surroundings.say
    with inside(live_server.app, company) as it:
        it.member("agent").user.locale = surroundings.locale  # as they see it, so does who stands in for them
    page = at_the_desk.new_page()
    page.goto(f"{live_server.url}/operator/workspaces/{company.workspace_id}")
    page.get_by_role("link", name=say("Stand in for %(name)s", name="Agent")).click()
    page.get_by_label(say("Reason")).fill("They cannot find their inbox")
    page.get_by_role("button", name=say("Stand in for %(name)s", name="Agent")).click()
    strip = page.get_by_role("complementary", name=say("You stand in for somebody"))
    expect(strip).to_contain_text(say("You stand in for %(name)s.", name="Agent"))
    page.goto(f"{live_server.url}/w/acme/inbox")
    expect(page.locator("inbox-live")).to_have_attribute("data-state", "live")
    expect(strip).to_be_visible()
    faults = inspect(page, "inbox")
    below = "document.documentElement.scrollHeight - document.documentElement.clientHeight"
    assert page.evaluate(below) == 0
    page.goto(f"{live_server.url}/account")
    theirs = "You stand in for %(name)s. This is for them alone: their account, and what only an owner decides."
    expect(page.get_by_text(say(theirs, name="Agent"))).to_be_visible()
    strip.get_by_role("button", name=say("Stop")).click()
    expect(page.get_by_text(say("You are yourself again."))).to_be_visible()
    expect(strip).to_have_count(0)
    assert faults == []


def test_what_is_open_of_a_suspended_workspace_closes_within_five_seconds(
    inbox: InboxPage, live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 403")
    page_faults.allow("WebSocket")
    with live_server.app.app_context(), unit_of_work():
        workspace = db.session.get_one(Workspace, company.workspace_id)
        workspaces.suspend(workspace, reason="Unpaid since May", by=make_user("ops@chatapp.example"))
    expect(inbox.page.get_by_text("Acme is suspended")).to_be_visible(timeout=5_000)
    expect(inbox.page.get_by_text("Unpaid since May")).to_be_visible()
