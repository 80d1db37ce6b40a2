"""A visitor on another site and the team talk: live, by polling, and after being offline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from chatapp.common.clock import now
from chatapp.conversations import queries as conversations
from tests.factories import Company, inside, make_hours
from tests.support.browser import PageFaults
from tests.support.live import LiveServer
from tests.support.shop import NO_SOCKETS, Shop, make_shop_owner


@pytest.fixture
def acme(live_server: LiveServer) -> Company:
    return make_shop_owner(live_server)


@pytest.fixture
def shop(page: Page, live_server: LiveServer, acme: Company) -> Shop:
    return Shop(page, live_server, acme)


def test_visitor_and_team_talk_across_sites(shop: Shop) -> None:
    shop.open()
    shop.write("Is the walnut one back?")
    expect(shop.panel.get_by_text("Sent")).to_be_visible()
    shop.answer("It is.", "Shall I keep one?")
    shop.expect_texts("Is the walnut one back?", "It is.", "Shall I keep one?")
    shop.write("Please!", "Thank you")
    shop.expect_texts("Is the walnut one back?", "It is.", "Shall I keep one?", "Please!", "Thank you")


def test_where_sockets_are_blocked_it_works_by_polling(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, acme: Company
) -> None:
    context = new_context()
    context.add_init_script(NO_SOCKETS)
    shop = Shop(context.new_page(), live_server, acme)
    shop.open()
    shop.write("one")
    expect(shop.panel.get_by_text("Sent")).to_be_visible()
    shop.answer("two")
    shop.expect_texts("one", "two")
    shop.write("three")
    shop.answer("four")
    expect(shop.panel.locator(".say__text")).to_have_count(4)
    assert sorted(shop.texts()) == ["four", "one", "three", "two"]


@pytest.mark.parametrize("sockets", [True, False], ids=["socket", "polling"])
def test_after_being_offline_everything_is_there_once_and_in_order(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    acme: Company,
    page_faults: PageFaults,
    sockets: bool,
) -> None:
    page_faults.allow("ERR_INTERNET_DISCONNECTED")
    context = new_context()
    if not sockets:
        context.add_init_script(NO_SOCKETS)
    shop = Shop(context.new_page(), live_server, acme)
    shop.open()
    shop.write("before")
    expect(shop.panel.get_by_text("Sent")).to_be_visible()
    context.set_offline(True)
    shop.write("written offline", "and another")
    expect(shop.panel.get_by_text("Reconnecting…")).to_be_visible()
    shop.answer("meanwhile", "still there?")
    shop.page.wait_for_timeout(3000)
    context.set_offline(False)
    shop.expect_texts("before", "meanwhile", "still there?", "written offline", "and another")
    expect(shop.panel.get_by_text("Sending…")).to_have_count(0, timeout=3000)
    shop.answer("welcome back")
    shop.expect_texts("before", "meanwhile", "still there?", "written offline", "and another", "welcome back")


@pytest.mark.parametrize("sockets", [True, False], ids=["socket", "polling"])
def test_a_line_that_flaps_loses_and_doubles_nothing(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    acme: Company,
    page_faults: PageFaults,
    sockets: bool,
) -> None:
    page_faults.allow("ERR_INTERNET_DISCONNECTED")
    context = new_context()
    if not sockets:
        context.add_init_script(NO_SOCKETS)
    shop = Shop(context.new_page(), live_server, acme)
    shop.open()
    shop.write("0")
    expect(shop.panel.get_by_text("Sent")).to_be_visible()
    for number in range(1, 16):
        context.set_offline(number % 3 == 0)
        shop.answer(f"answer {number}")
        shop.write(f"question {number}")
        shop.page.wait_for_timeout(300)
    context.set_offline(False)
    expect(shop.panel.get_by_text("Sending…")).to_have_count(0)
    shop.answer("the end")
    shop.expect_texts(*shop.record())
    assert len(set(shop.texts())) == len(shop.texts()) == 32


def test_the_visitor_is_known_again_after_a_reload(shop: Shop) -> None:
    shop.open()
    shop.write("remember me")
    expect(shop.panel.get_by_text("Sent")).to_be_visible()
    shop.answer("of course")
    shop.expect_texts("remember me", "of course")
    shop.page.reload()
    shop.open()
    row = shop.panel.get_by_role("button", name="of course")
    expect(row).to_be_visible()
    row.click()
    shop.expect_texts("remember me", "of course")


def test_an_answer_while_the_chat_is_closed_is_counted_on_the_launcher(shop: Shop) -> None:
    shop.open()
    shop.write("hello?")
    expect(shop.panel.get_by_text("Sent")).to_be_visible()
    shop.panel.get_by_role("button", name="Close", exact=True).click()
    expect(shop.page.get_by_role("button", name="Open the chat", exact=True)).to_be_visible()
    shop.answer("hello!")
    expect(shop.page.get_by_role("button", name="Open the chat (1)")).to_be_visible()
    shop.page.get_by_role("button", name="Open the chat (1)").click()
    shop.expect_texts("hello?", "hello!")
    shop.page.get_by_role("button", name="Close the chat").click()
    expect(shop.page.get_by_role("button", name="Open the chat", exact=True)).to_be_visible()


def test_a_closed_conversation_is_rated_mailed_opened_again_and_ended(shop: Shop) -> None:
    shop.open()
    shop.write("hello")
    expect(shop.panel.get_by_text("Sent")).to_be_visible()
    shop.answer("hi")
    shop.expect_texts("hello", "hi")
    shop.close_conversation()
    expect(shop.panel.get_by_text("Conversation closed")).to_be_visible()
    shop.panel.get_by_role("radio", name="Excellent").check()
    shop.panel.get_by_role("textbox", name="Anything to add?").fill("quick!")
    found = Axe().run(shop.page)
    assert found.violations_count == 0, found.generate_report()
    shop.panel.get_by_role("button", name="Send rating").click()
    expect(shop.panel.get_by_text("Thank you for telling us.")).to_be_visible()
    shop.panel.get_by_role("button", name="Change").click()
    expect(shop.panel.get_by_role("textbox", name="Anything to add?")).to_have_value("quick!")
    shop.panel.get_by_role("radio", name="Good").check()
    shop.panel.get_by_role("button", name="Send rating").click()
    expect(shop.panel.get_by_role("button", name="Change")).to_be_visible()
    with inside(shop.server.app, shop.company) as here:
        rated = conversations.page_of("closed", me=here.member("agent").user_id).rows[0]
        assert (rated.rating, rated.rating_comment) == (4, "quick!")
    shop.panel.get_by_role("button", name="Email me this chat").click()
    sheet = shop.panel.get_by_role("dialog", name="Email me this chat")
    sheet.get_by_role("textbox", name="Email").fill("nobody")
    sheet.get_by_role("button", name="Send").click()
    expect(sheet.get_by_text("Enter a complete mail address")).to_be_visible()
    sheet.get_by_role("textbox", name="Email").fill("ana@example.org")
    sheet.get_by_role("button", name="Send").click()
    expect(sheet.get_by_text("It is on its way to ana@example.org.")).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    shop.write("one more thing")
    shop.expect_texts("hello", "hi", "one more thing")
    expect(shop.panel.get_by_text("Conversation closed")).to_have_count(0)
    shop.panel.get_by_role("button", name="More").click()
    shop.panel.get_by_role("menuitem", name="End conversation").click()
    expect(shop.panel.get_by_text("Conversation closed")).to_be_visible()
    expect(shop.panel.get_by_role("radio", name="Good")).not_to_be_checked()


def test_outside_of_business_hours_the_panel_says_when_they_are_back_and_asks_where_to_answer(
    shop: Shop, live_server: LiveServer, acme: Company
) -> None:
    """The only minutes of the schedule are those that begin a day from now, wherever the test runs."""
    tomorrow = now() + timedelta(days=1)
    minute = tomorrow.hour * 60 + tomorrow.minute
    week = {str(day): [[minute, minute + 1]] if day == tomorrow.weekday() else [] for day in range(7)}
    with inside(live_server.app, acme):
        make_hours(name="Tomorrow", timezone="UTC", week=week, is_default=True)
    shop.open()
    expect(shop.panel.locator("#replies")).to_contain_text("We are back tomorrow at")
    expect(shop.panel.locator("#replies")).to_have_attribute("data-online", "false")
    address = shop.panel.get_by_role("textbox", name="Your email")
    address.fill("ana")
    shop.write("Do you ship to Lisbon?")
    expect(shop.panel.get_by_text("Enter a complete mail address")).to_be_visible()
    address.fill("ana@example.org")
    found = Axe().run(shop.page)
    assert found.violations_count == 0, found.generate_report()
    shop.panel.get_by_role("button", name="Send", exact=True).click()
    shop.expect_texts("Do you ship to Lisbon?")
    expect(shop.panel.get_by_text("Sent")).to_be_visible()
    expect(address).to_have_count(0)
    with inside(live_server.app, acme) as here:
        page = conversations.page_of("all", me=here.member("agent").user_id)
        person = conversations.conversation(page.rows[0].id).end_user
        assert (person.email, person.left_email) == (None, "ana@example.org")
