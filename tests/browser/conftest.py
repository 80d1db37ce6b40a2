"""Companies and windows that the browser tests share."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.factories import Company, inside, make_company
from tests.support.inbox_page import InboxPage, enter
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage
from tests.support.words import ENGLISH_DESK, ENGLISH_PHONE, SPANISH_DESK, SPANISH_PHONE, Surroundings

DEMO_KEY = "demo-acme-site-key"  # that widget/demo.html embeds
OPENED = "hello acme"  # what the factory's visitor wrote


@pytest.fixture
def company(live_server: LiveServer) -> Company:
    """Acme, whose widget is the one on `/demo`, with one conversation of a visitor called Ada."""
    made = make_company(live_server.app)
    with inside(live_server.app, made) as it:
        it.project.site_key = DEMO_KEY
        it.conversation.end_user.name = "Ada"
    return made


SURROUNDINGS = {"desk": ENGLISH_DESK, "phone": SPANISH_PHONE}
if "CHATAPP_EVERY_SURROUNDING" in os.environ:  # before a release
    SURROUNDINGS |= {"english phone": ENGLISH_PHONE, "spanish desk": SPANISH_DESK}


@pytest.fixture(params=SURROUNDINGS.values(), ids=SURROUNDINGS)
def surroundings(request: pytest.FixtureRequest) -> Surroundings:
    """Each flow in English on a desk, and in Spanish in a hand."""
    found: Surroundings = request.param
    return found


class Door:
    """Opens windows for people in the surroundings of the test."""

    def __init__(
        self, make: Callable[..., BrowserContext], server: LiveServer, company: Company, around: Surroundings
    ) -> None:
        self.make, self.server, self.company, self.around = make, server, company, around

    def __call__(self, role: str | None = None, path: str = "/") -> Page:
        """A window of a browser of its own on this page: of somebody logged in, or of whoever comes along."""
        context = self.make(**self.around.options)
        if role is not None:
            with inside(self.server.app, self.company) as it:
                it.member(role).user.locale = self.around.locale
            enter(context, self.server, self.company.email(role))
        page = context.new_page()
        page.goto(self.server.url + path)
        return page


@pytest.fixture
def door(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, surroundings: Surroundings
) -> Door:
    return Door(new_context, live_server, company, surroundings)


@pytest.fixture
def inbox(new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company) -> InboxPage:
    """The agent's window."""
    return InboxPage.of(new_context(), live_server, company)


@pytest.fixture
def widget(new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company) -> WidgetPage:
    """A visitor's window, on a site that is not ours; nothing is opened yet."""
    return WidgetPage(new_context().new_page(), f"{live_server.other_url}/demo")
