"""The widget on pages that imitate customers: strict ones, ones that change under it, and ones that attack it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.factories import Company
from tests.support.browser import PageFaults
from tests.support.customer_site import page_with
from tests.support.live import LiveServer
from tests.support.shop import DEMO_KEY, make_shop_owner
from tests.support.widget_page import WidgetPage

Publish = Callable[..., str]

QUEUE = """
    window.heard = [];
    window.shifts = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => { shifts += value; }))
        .observe({ type: 'layout-shift', buffered: true });
    const note = (name) => ['on', name, (detail) => heard.push(detail ? `${name} ${JSON.stringify(detail)}` : name)];
    window.Chatapp = window.Chatapp || [];
    Chatapp.push(...['ready', 'open', 'close', 'message', 'unread', 'conversation:start', 'error'].map(note));
"""
SINGLE_PAGE = """
    const main = () => document.querySelector('main');
    const render = (name) => { main().innerHTML = `<h1>${name}</h1>`; document.title = name; };
    window.router = (path) => { history.pushState({}, '', path); render(path); };
    window.turbo = (path) => {
        const body = document.createElement('body');
        body.append(document.createElement('main'));
        history.pushState({}, '', path);
        return document.startViewTransition(() => { document.body.replaceWith(body); render(path); }).finished;
    };
    window.astro = () => {
        const next = new DOMParser().parseFromString('<html lang="es"><body><main></main></body></html>', 'text/html');
        for (const node of [...document.documentElement.children]) if (node !== document.head) node.remove();
        document.documentElement.append(document.adoptNode(next.body));
        render('/astro');
    };
"""
ATTACK = """<script>
    const say = (to, words) => to.postMessage(words, '*');
    const words = [{ chatapp: 'dismiss' }, { chatapp: 'unread', detail: 9, nonce: '' }];
    for (const each of words) say(parent, each);
    for (let at = 0; at < parent.length; at++) for (const nonce of [undefined, '', '1,2,3,4'])
        say(parent[at], { chatapp: 'show', nonce, open: false, calls: [['setTheme', 'dark']] });
    say(parent, 'attacked');
</script>"""


@pytest.fixture
def acme(live_server: LiveServer) -> Company:
    return make_shop_owner(live_server)


@pytest.fixture
def install(live_server: LiveServer, acme: Company, customer_site: Publish) -> Callable[..., str]:
    """A page with the snippet, and what else is given; the answer is its address."""

    def page(more: str = "", policy: str = "") -> str:
        tag = f'<script src="{live_server.url}/widget.js" data-key="{DEMO_KEY}" async></script>'
        return customer_site(page_with(more + tag), policy)

    return page


def panel_of(page: Page) -> Frame:
    """The panel's own document, once it is there."""
    expect(page.frame_locator("chatapp-widget iframe").get_by_role("textbox", name="Message")).to_be_visible()
    return next(frame for frame in page.frames if "/widget/" in frame.url)


def test_a_page_with_a_strict_policy_hears_everything_and_never_shifts(
    page: Page, live_server: LiveServer, install: Callable[..., str]
) -> None:
    policy = f"default-src 'none'; script-src {live_server.url} 'nonce-own'; frame-src {live_server.url}; img-src data:"
    page.goto(install(f'<script nonce="own">{QUEUE}</script>', f"{policy}; require-trusted-types-for 'script'"))
    page.evaluate("Chatapp.push(['startConversation', 'About the lamp'])")
    widget = WidgetPage(page, page.url)
    expect(widget.box).to_have_value("About the lamp")
    assert page.evaluate("heard.filter((name) => name !== 'unread')") == ["ready", "open"]
    page.evaluate("window.begun = new Promise((done) => Chatapp.on('conversation:start', done)), 0")
    widget.panel.get_by_role("button", name="Send", exact=True).click()
    assert re.fullmatch(r"[-\w]{36}", page.evaluate("begun")["conversation_id"])

    scheme = "getComputedStyle(document.documentElement).colorScheme"
    page.evaluate("Chatapp.setTheme('dark')")
    expect(widget.panel.locator(":root")).to_have_css("color-scheme", "dark")
    page.evaluate("Chatapp.setLocale('es')")
    expect(widget.panel.get_by_role("textbox", name="Mensaje")).to_be_visible()
    expect(page.get_by_role("button", name="Cerrar el chat")).to_be_visible()
    assert next(frame for frame in page.frames if "/widget/" in frame.url).evaluate(scheme) == "dark"
    assert page.evaluate("Chatapp.close(), heard.filter((name) => name === 'open').length") == 1
    assert page.evaluate("shifts") == 0
    assert page.evaluate("document.cookie + localStorage.length + sessionStorage.length") == "00"


def test_it_goes_on_while_a_single_page_site_changes_everything_around_it(
    page: Page, install: Callable[..., str]
) -> None:
    page.goto(install(f"<script>{SINGLE_PAGE}</script>"))
    widget = WidgetPage(page, page.url)
    page.locator("chatapp-widget").get_by_role("button").click()
    expect(widget.box).to_be_visible()
    widget.box.fill("half a sentence")
    panel = panel_of(page)
    panel.evaluate("window.words = []; addEventListener('message', ({ data }) => words.push(data.chatapp))")
    page.evaluate("router('/lamps')")
    page.evaluate("turbo('/mugs')")
    expect(widget.box).to_have_value("half a sentence")
    panel.wait_for_function("words.length === 2")
    assert panel.evaluate("words") == ["page", "page"]
    page.evaluate("astro()")
    expect(page.locator("chatapp-widget")).to_have_count(1)
    expect(widget.box).to_be_visible()
    widget.say("a whole one")
    widget.expect_said(["a whole one"])


def test_neither_a_sibling_frame_nor_who_guesses_is_believed(page: Page, install: Callable[..., str]) -> None:
    page.goto(install())
    widget = WidgetPage(page, page.url)
    page.locator("chatapp-widget").get_by_role("button").click()
    expect(widget.box).to_be_visible()
    expect(page.get_by_role("button", name="Close the chat")).to_be_visible()
    panel = panel_of(page)
    panel.evaluate("window.words = 0; addEventListener('message', () => { words += 1; })")
    page.evaluate(
        """(html) => new Promise((resolve) => {
            addEventListener('message', ({ data }) => data === 'attacked' && resolve());
            document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: html }));
        })""",
        ATTACK,
    )
    frame = "document.querySelector('chatapp-widget').shadowRoot.querySelector('iframe').contentWindow"
    page.evaluate(f"{frame}.postMessage({{ chatapp: 'calls', nonce: '1', calls: [['setTheme', 'dark']] }}, '*')")
    page.evaluate("window.postMessage({ chatapp: 'dismiss' }, '*')")
    panel.wait_for_function("words >= 1")
    expect(widget.panel.locator(":root")).to_have_css("color-scheme", "light dark")
    expect(page.get_by_role("button", name="Close the chat", exact=True)).to_be_visible()
    page.evaluate("Chatapp.setTheme('dark')")
    expect(widget.panel.locator(":root")).to_have_css("color-scheme", "dark")


def test_where_nothing_can_be_kept_one_can_talk(
    new_context: Callable[..., BrowserContext], install: Callable[..., str]
) -> None:
    """As in a browser that blocks third-party cookies and storage."""
    context = new_context()
    context.add_init_script(
        """for (const area of ['localStorage', 'sessionStorage'])
            Object.defineProperty(window, area, { get() { throw new DOMException('Blocked', 'SecurityError'); } });
        const { fetch } = window;
        window.fetch = (path, options) => fetch(path, { ...options, credentials: 'omit' });"""
    )
    widget = WidgetPage(context.new_page(), install())
    widget.open()
    widget.say("in memory")
    widget.say("and more")
    widget.expect_said(["in memory", "and more"])
    assert context.cookies() == []


def test_who_logs_out_is_forgotten_in_every_window_of_the_device(
    new_context: Callable[..., BrowserContext], install: Callable[..., str], page_faults: PageFaults
) -> None:
    page_faults.allow("401")  # what the other window still asks for
    context = new_context()
    first, second = (WidgetPage(context.new_page(), install()) for _window in range(2))
    first.open()
    first.say("a secret")
    first.expect_said(["a secret"])
    second.open()
    expect(second.panel.get_by_role("button", name="a secret")).to_be_visible()
    first.page.evaluate("Chatapp.logout()")
    expect(first.box).to_be_visible()
    expect(first.panel.get_by_text("a secret")).to_have_count(0)
    first.page.reload()
    first.page.locator("chatapp-widget").get_by_role("button").click()
    first.say("somebody else")
    first.expect_said(["somebody else"])
    second.page.reload()
    second.page.locator("chatapp-widget").get_by_role("button").click()
    expect(second.panel.get_by_role("button", name="somebody else")).to_be_visible()
    expect(second.panel.get_by_text("a secret")).to_have_count(0)
