"""What a visitor does in the panel beyond a single talk."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.factories import Company
from tests.support.browser import PageFaults
from tests.support.live import LiveServer
from tests.support.shop import Shop, make_shop_owner


@pytest.fixture
def acme(live_server: LiveServer) -> Company:
    return make_shop_owner(live_server)


@pytest.fixture
def shop(page: Page, live_server: LiveServer, acme: Company) -> Shop:
    return Shop(page, live_server, acme)


def test_several_conversations_each_with_its_last_words_and_what_is_unread(shop: Shop) -> None:
    shop.open()
    shop.write("Is it back?")
    expect(shop.panel.get_by_text("Sent")).to_be_visible()
    shop.answer("**Yes**, the `walnut` one:\n- see [it](https://acme.example)")
    expect(shop.panel.locator(".say__text strong")).to_have_text("Yes")
    shop.panel.get_by_role("button", name="Back").click()
    rows = shop.panel.locator(".talk")
    expect(rows.locator("[data-part=preview]")).to_have_text(["Yes, the walnut one: see it"])
    expect(shop.panel.get_by_role("heading", name="Go on with Agent")).to_be_visible()
    shop.panel.get_by_role("button", name="New conversation").click()
    shop.write("Something else", "and more of it")
    shop.expect_texts("Something else", "and more of it")
    expect(shop.panel.get_by_text("Sending…")).to_have_count(0)
    shop.panel.get_by_role("button", name="Back").click()
    expect(rows).to_have_count(2)
    shop.answer("Go _on_")
    expect(rows.first).to_contain_text("Go on")
    expect(rows.first.locator(".count")).to_have_text("1")
    rows.last.click()
    shop.expect_texts("Is it back?", re.compile("Yes"))


def test_a_file_that_failed_is_tried_again_and_a_face_is_picked(shop: Shop, page_faults: PageFaults) -> None:
    page_faults.allow("ERR_FAILED")
    shop.open()
    assert not any("/later" in address for address in shop.requests)
    shop.page.route("**/widget/attachments*", lambda route: route.abort(), times=1)
    file = {"name": "list.txt", "mimeType": "text/plain", "buffer": b"one lamp"}
    shop.panel.locator(".write input").set_input_files(file)
    chip = shop.panel.locator(".chip")
    expect(chip).to_have_class(re.compile("chip--failed"))
    chip.get_by_role("button", name="Retry").click()
    expect(chip.locator("small")).to_have_text("8 B")
    shop.panel.get_by_role("button", name="Emoji").click()
    shop.panel.get_by_role("button", name="👍").click()
    expect(shop.box).to_have_value("👍")
    expect(shop.box).to_be_focused()
    shop.panel.get_by_role("button", name="Send", exact=True).click()
    expect(shop.panel.get_by_role("link", name="list.txt")).to_be_visible()
    shop.expect_texts("👍")


def test_in_a_window_of_its_own_the_talk_goes_on_as_the_same_visitor(shop: Shop) -> None:
    shop.open()
    shop.write("Which bulb fits?")
    expect(shop.panel.get_by_text("Sent")).to_be_visible()
    shop.panel.get_by_role("button", name="More").click()
    found = Axe().run(shop.page)
    assert found.violations_count == 0, found.generate_report()
    with shop.page.expect_popup() as opened:
        shop.panel.get_by_role("menuitem", name="Open in a window").click()
    window = opened.value
    expect(window.locator(".say__text")).to_have_text(["Which bulb fits?"])
    expect(shop.page.locator("iframe")).to_be_hidden()
    window.get_by_role("textbox", name="Message").fill("E27?")
    window.get_by_role("button", name="Send", exact=True).click()
    expect(window.locator(".say__text")).to_have_text(["Which bulb fits?", "E27?"])
    expect(window.get_by_text("Sending…")).to_have_count(0)
    assert shop.record() == ["Which bulb fits?", "E27?"]
