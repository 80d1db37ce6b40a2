"""Every page, in light and dark, on a desk and in a hand: axe finds nothing grave, and nothing scrolls sideways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from chatapp.common.ids import uuid7
from chatapp.messages import services
from tests.factories import ROLES, Company, inside, visitor_writes
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage, enter
from tests.support.inspection import inspect
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
OUTSIDE = ("/", "/login", "/register", "/forgotten-password", "/no-such-page")
INSIDE = (
    "/workspaces",
    "/account",
    "/account/security",
    "/w/acme/",
    "/w/acme/projects",
    "/w/acme/projects/{project}/settings/widget",
    "/w/acme/settings/audit",
    "/w/acme/no-such-page",
)
ERRORS = r"status of 40[34]"


@pytest.mark.parametrize("locale", ["en-GB", "es-ES"])
def test_the_pages_before_the_inbox(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    company: Company,
    page_faults: PageFaults,
    locale: str,
) -> None:
    page_faults.allow(ERRORS)
    speak(live_server, company, locale)
    context = new_context(locale=locale)
    page = context.new_page()
    faults = []
    for path in OUTSIDE:
        faults += visit(page, live_server.url, path, locale)

    enter(context, live_server, company.email("owner"))
    for path in INSIDE:
        faults += visit(page, live_server.url, path.format(project=company.project_id), locale)
    assert faults == []


def visit(page: Page, url: str, path: str, locale: str) -> list[str]:
    page.goto(url + path)
    expect(page.locator("html")).to_have_attribute("lang", locale[:2])
    return inspect(page, path, thorough=locale == "en-GB")


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
        }"""
    )
    faults = inspect(page, "planted", thorough=False)
    expected = ["phone: scrolls", "tablet: scrolls", "desktop: scrolls", "desktop: image-alt"]
    assert [" ".join(fault.split()[1:3]) for fault in faults] == expected
