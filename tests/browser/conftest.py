"""Companies and windows that the browser tests share."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.factories import Company, inside, make_company
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage

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


@pytest.fixture
def inbox(new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company) -> InboxPage:
    """The agent's window."""
    return InboxPage.of(new_context(), live_server, company)


@pytest.fixture
def widget(new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company) -> WidgetPage:
    """A visitor's window, on a site that is not ours; nothing is opened yet."""
    return WidgetPage(new_context().new_page(), f"{live_server.other_url}/demo")
