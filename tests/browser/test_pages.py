"""Every page, in light and dark, on a desk and in a hand: axe finds nothing, and nothing scrolls sideways."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from chatapp.auth.models import User
from chatapp.common.db import db
from chatapp.common.ids import uuid7
from chatapp.hours import queries as hours
from chatapp.messages import services
from chatapp.sla import queries as sla
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Workspace
from tests.backoffice.conftest import make_operator
from tests.factories import PASSWORD, ROLES, Company, give_two_factor, inside, visitor_writes
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage, enter, enter_as
from tests.support.inspection import inspect, measure
from tests.support.live import LiveServer
from tests.support.pages import Place, furnish, places, strangers
from tests.support.widget_page import WidgetPage

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
READERS = ("nobody", "owner", "operator")
IN_BOTH_SCHEMES = ("development.styleguide", "dashboard.home")  # every part, and a page made of them
NOT_FOUND = ("/no-such-page", "/w/acme/no-such-page")


@pytest.mark.parametrize("locale", ["en-GB", "es-ES"])
@pytest.mark.parametrize("reader", READERS)
def test_every_page(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, reader: str, locale: str
) -> None:
    """In English as axe sees it; in Spanish, where words are longer, and with names as long, whether it fits."""
    company = furnish(live_server.app, company)
    speak(live_server, company, locale)
    context = new_context(locale=locale)
    come_in(context, live_server, company, reader, locale)
    page, faults = context.new_page(), []
    if locale == "es-ES":
        lengthen(live_server, company)
    for place in places(live_server.app, company):
        if place.reader == reader:
            answer = page.goto(live_server.url + place.path)
            assert answer is not None
            assert answer.status == 200, place
            expect(page.locator("html")).to_have_attribute("lang", locale[:2])
            expect(page.locator("main, [role=main]")).to_have_count(1)
            faults += look(page, place, locale)
    assert faults == []


def look(page: Page, place: Place, locale: str) -> list[str]:
    if locale == "es-ES":
        return measure(page, place.path)
    return inspect(page, place.path, thorough=place.endpoint in IN_BOTH_SCHEMES)


def come_in(context: BrowserContext, server: LiveServer, company: Company, reader: str, locale: str) -> None:
    if reader == "owner":
        enter(context, server, company.email("owner"))
    if reader == "operator":
        user_id = make_operator(server.app)
        with inside(server.app, company):
            db.session.get_one(User, user_id).locale = locale[:2]
        enter_as(context, server, user_id)


def lengthen(server: LiveServer, company: Company) -> None:
    """Names as people never type them, and sometimes do."""
    with inside(server.app, company) as it:
        workspace = db.session.get_one(Workspace, company.workspace_id)
        agent = it.member("agent")
        mine: list[Any] = [workspace, agent.user, it.project, it.team, it.conversation.end_user]
        theirs = [hours.schedule(company.hours_id), sla.policy(company.policy_id), workspaces.role(company.role_id)]
        for named in mine + theirs:
            named.name = LONG[:60]


def test_the_second_step(new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company) -> None:
    with inside(live_server.app, company) as it:
        give_two_factor(it.member("agent").user)
    page = new_context().new_page()
    page.goto(f"{live_server.url}/login")
    page.get_by_label("Email").fill(company.email("agent"))
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/login/code")
    assert inspect(page, "second step") == []


def test_what_is_not_there(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 404")
    context = new_context()
    enter(context, live_server, company.email("owner"))
    page, faults = context.new_page(), []
    for path in NOT_FOUND:
        page.goto(live_server.url + path)
        faults += inspect(page, path, thorough=False)
    assert faults == []


def test_no_page_is_left_out_for_a_view_that_is_gone(live_server: LiveServer) -> None:
    assert strangers(live_server.app) == set()


def speak(server: LiveServer, company: Company, locale: str) -> None:
    """The team's own language, which counts more than that of their browsers."""
    with inside(server.app, company) as it:
        for role in ROLES:
            it.member(role).user.locale = locale[:2]


@pytest.mark.parametrize("locale", ["en-GB", "es-ES"])
def test_the_inbox(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, locale: str
) -> None:
    speak(live_server, company, locale)
    visitor_writes(live_server.app, company, LONG, "https://example.com/" + LONG, name=f"Long {LONG[:60]}")
    with inside(live_server.app, company) as it:
        agent = it.member("agent")
        services.send_reply(it.conversation, by=agent, text=LONG, client_id=uuid7(), private=True)
        services.send_reply(it.conversation, by=agent, text="Good morning!", client_id=uuid7())
        services.assign(it.conversation, to=agent, by=agent)
    inbox = InboxPage.of(new_context(locale=locale), live_server, company)
    faults = inspect(inbox.page, "list", thorough=locale == "en-GB")
    inbox.open(f"/{company.conversation_id}")
    expect(inbox.said).to_have_count(3)
    faults += inspect(inbox.page, "thread", thorough=locale == "en-GB")
    inbox.page.locator("[data-mode=note]").click()
    faults += inspect(inbox.page, "note", thorough=locale == "en-GB")
    inbox.open("?view=closed")
    faults += inspect(inbox.page, "empty", thorough=locale == "en-GB")
    inbox.open("/search?q=acme&status=open")
    faults += inspect(inbox.page, "search", thorough=locale == "en-GB")
    inbox.open("/search")
    faults += inspect(inbox.page, "search, nothing asked", thorough=locale == "en-GB")
    assert faults == []


def test_the_widget(widget: WidgetPage, inbox: InboxPage) -> None:
    widget.open()
    faults = inspect(widget.page, "home", panel_of(widget))
    widget.say("Hello! " + LONG)
    expect(inbox.rows).to_have_count(2)
    inbox.rows.first.get_by_role("link").click()
    inbox.say("Hello to you.")
    expect(widget.said).to_have_count(2)
    faults += inspect(widget.page, "thread", panel_of(widget))
    widget.panel.get_by_role("button", name="Back").click()
    faults += inspect(widget.page, "home with a talk", panel_of(widget))
    assert faults == []


def panel_of(widget: WidgetPage) -> Frame:
    frame = widget.page.locator("chatapp-widget iframe").element_handle().content_frame()
    assert frame is not None
    return frame


def test_the_inspector_notices(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/login")
    page.evaluate(
        """() => {
          const picture = document.querySelector("main").appendChild(document.createElement("img"));
          picture.src = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>";
          picture.style.minWidth = "1500px";
          document.querySelector("h1").style.color = "light-dark(black, #333)";
        }"""
    )
    faults = inspect(page, "planted", thorough=False)
    seen = [" ".join(fault.removeprefix("planted, ").split()[:4]) for fault in faults]
    scrolls = [re.compile(f"{size}: scrolls .* px") for size in ("phone", "tablet", "desktop")]
    expected = [*scrolls, re.compile("desktop in light: image-alt"), re.compile("desktop in dark: color-contrast")]
    assert len(seen) == len(expected)
    assert all(pattern.match(fault) for pattern, fault in zip(expected, seen, strict=True)), faults
