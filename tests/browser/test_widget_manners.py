"""How the widget behaves on a page that is not ours, by whatever means it is used."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.factories import Company
from tests.support.live import LiveServer
from tests.support.shop import DEMO_KEY, Shop, make_shop_owner

INCLUDE = """([source, key]) => new Promise((resolve) => {
    const script = document.createElement('script');
    Object.assign(script, { src: source, onload: resolve }).dataset.key = key;
    document.head.append(script);
})"""
QUEUE = """
    window.heard = [];
    const note = (name) => ['on', name, () => heard.push(name)];
    window.Chatapp = [note('open'), note('close'), ['open']];
"""


@pytest.fixture
def acme(live_server: LiveServer) -> Company:
    return make_shop_owner(live_server)


@pytest.fixture
def shop(page: Page, live_server: LiveServer, acme: Company) -> Shop:
    return Shop(page, live_server, acme)


def test_before_the_launcher_is_pressed_only_its_look_is_asked_and_nothing_kept(
    shop: Shop, live_server: LiveServer
) -> None:
    expect(shop.page.get_by_role("button", name="Open the chat")).to_be_visible()
    shop.page.wait_for_load_state("networkidle")
    look = f"{live_server.url}/widget/{DEMO_KEY}/look.js?locale="
    assert shop.requests == [f"{live_server.other_url}/demo", f"{live_server.url}/widget.js", look]
    assert shop.page.context.cookies() == []
    assert shop.page.locator("iframe").count() == 0
    shop.open()
    assert len(shop.requests) > 3


def test_everything_works_by_keyboard(shop: Shop) -> None:
    expect(shop.page.get_by_role("button", name="Open the chat")).to_be_visible()
    shop.page.get_by_role("button", name="Open the chat").focus()
    keyboard = shop.page.keyboard
    keyboard.press("Enter")
    expect(shop.box).to_be_focused()
    keyboard.type("typed")
    keyboard.press("Shift+Enter")
    keyboard.type("in two lines")
    keyboard.press("Enter")
    shop.expect_texts("typed\nin two lines")
    keyboard.press("Escape")
    expect(shop.page.locator("iframe")).to_be_hidden()
    focused = shop.page.evaluate("document.activeElement.shadowRoot.activeElement.localName")
    assert focused == "button"


def test_the_host_page_drives_it_before_and_after_it_has_loaded(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, acme: Company
) -> None:
    context = new_context()
    context.add_init_script(QUEUE)
    shop = Shop(context.new_page(), live_server, acme)
    expect(shop.box).to_be_visible()
    shop.page.evaluate("Chatapp.close()")
    expect(shop.page.locator("iframe")).to_be_hidden()
    shop.page.evaluate("Chatapp.hide()")
    expect(shop.page.locator("chatapp-widget").get_by_role("button")).to_be_hidden()
    shop.page.evaluate("Chatapp.show(); Chatapp.toggle()")
    expect(shop.box).to_be_visible()
    assert shop.page.evaluate("heard") == ["open", "close", "open"]


def test_it_is_there_once_and_survives_what_single_page_sites_do(shop: Shop, live_server: LiveServer) -> None:
    expect(shop.page.get_by_role("button", name="Open the chat")).to_be_visible()
    for _again in range(2):
        shop.page.evaluate(INCLUDE, [f"{live_server.url}/widget.js", DEMO_KEY])
    shop.page.evaluate("document.body.replaceWith(document.createElement('body'))")
    shop.page.evaluate("document.querySelector('chatapp-widget').remove()")
    expect(shop.page.locator("chatapp-widget")).to_have_count(1)
    shop.open()


def test_words_from_anybody_but_the_panel_are_not_heard(shop: Shop) -> None:
    shop.open()
    shop.page.evaluate("window.postMessage({ chatapp: 'dismiss' }, '*')")
    shop.page.evaluate("window.postMessage({ chatapp: 'unread', detail: 9 }, '*')")
    shop.page.wait_for_timeout(200)
    expect(shop.box).to_be_visible()
    expect(shop.page.get_by_role("button", name="Close the chat", exact=True)).to_be_visible()


def test_on_a_phone_it_fills_the_screen_and_never_shifts_the_page(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, acme: Company
) -> None:
    context = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    shop = Shop(context.new_page(), live_server, acme)
    expect(shop.page.get_by_role("button", name="Open the chat")).to_be_visible()
    before = shop.page.locator("h1").bounding_box()
    shop.open()
    assert shop.page.locator("iframe").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert shop.page.locator("h1").first.bounding_box() == before
    shop.panel.get_by_role("button", name="Close", exact=True).click()
    expect(shop.page.get_by_role("button", name="Open the chat")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, acme: Company, scheme: str
) -> None:
    shop = Shop(new_context(color_scheme=scheme).new_page(), live_server, acme)
    shop.open()
    shop.write("hello")
    expect(shop.panel.get_by_text("Sent")).to_be_visible()
    shop.answer("hi")
    shop.expect_texts("hello", "hi")
    thread = Axe().run(shop.page)
    assert thread.violations_count == 0, thread.generate_report()
    shop.panel.get_by_role("button", name="Back").click()
    home = Axe().run(shop.page)
    assert home.violations_count == 0, home.generate_report()
