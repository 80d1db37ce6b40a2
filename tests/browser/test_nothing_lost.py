"""Lines break, servers die, people press twice: in the end everything is there, once, and nothing typed is lost."""

import re
import signal
from collections.abc import Callable

import psutil
import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.conftest import OPENED
from tests.factories import Company, visitor_writes
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer

CUT = r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_EMPTY_RESPONSE|WebSocket connection|status of 50[0-9]"
A_RESTART = 30_000.0  # milliseconds that a busy machine may take to start a web worker
# Waits between attempts pass twenty times as fast; what the network takes, it takes.
HURRY = "const wait = setTimeout; window.setTimeout = (run, pause, ...rest) => wait(run, pause / 20, ...rest);"


def messages_of(count: int, what: str) -> list[str]:
    return [f"{what} {number}" for number in range(1, count + 1)]


def kill_web_workers(server: LiveServer) -> None:
    for worker in psutil.Process(server.process_id("web")).children():
        worker.send_signal(signal.SIGKILL)


def test_what_came_while_an_agent_was_offline_is_there_once_and_in_order(
    inbox: InboxPage, live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow(CUT)
    inbox.open_conversation("Ada")
    context = inbox.page.context

    context.set_offline(True)
    expect(inbox.page.get_by_text("Reconnecting…")).to_be_visible()
    visitor_writes(live_server.app, company, *messages_of(12, "tunnel"))
    visitor_writes(live_server.app, company, "Is anybody there?", name="Bruno")
    inbox.say("written in the tunnel")
    expect(inbox.thread.locator(".is-pending")).to_have_count(1)

    context.set_offline(False)
    expect(inbox.page.get_by_text("In sync")).to_be_visible()
    inbox.expect_said([OPENED, *messages_of(12, "tunnel"), "written in the tunnel"])
    expect(inbox.names).to_have_text(["Ada", "Bruno"])
    expect(inbox.view_count("All")).to_have_text("2")
    inbox.expect_never_doubled()


def test_a_network_that_comes_back_slowly_is_asked_again(
    inbox: InboxPage, live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    """The browser says that it is online before anybody answers."""
    page_faults.allow(CUT)
    inbox.open_conversation("Ada")
    refused: list[Route] = []

    def refuse_twice(route: Route) -> None:
        if len(refused) < 2:
            refused.append(route)
            route.abort("internetdisconnected")
        else:
            route.continue_()

    inbox.page.route("**/inbox/rows*", refuse_twice)
    inbox.page.context.set_offline(True)
    expect(inbox.page.get_by_text("Reconnecting…")).to_be_visible()
    visitor_writes(live_server.app, company, "Is anybody there?", name="Bruno")
    inbox.page.context.set_offline(False)
    expect(inbox.page.get_by_text("In sync")).to_be_visible()
    expect(inbox.names).to_have_text(["Bruno", "Ada"])
    assert len(refused) == 2


def test_a_killed_server_costs_nothing(
    inbox: InboxPage, live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow(CUT)
    inbox.open_conversation("Ada")
    said = [OPENED]
    for number in (1, 2):
        kill_web_workers(live_server)
        inbox.say(f"answer {number}")
        visitor_writes(live_server.app, company, *messages_of(3, f"question {number}."))
        visitor_writes(live_server.app, company, "And me?", name=f"Bruno {number}")
        inbox.expect_state("live", timeout=A_RESTART)
        said += [f"answer {number}", *messages_of(3, f"question {number}.")]
        inbox.expect_holds(said)
    expect(inbox.rows).to_have_count(3)
    assert sorted(inbox.names.all_inner_texts()) == ["Ada", "Bruno 1", "Bruno 2"]
    expect(inbox.view_count("All")).to_have_text("3")
    inbox.expect_never_doubled()


def test_a_hidden_tab_keeps_up_and_marks_nothing_as_read(
    inbox: InboxPage, live_server: LiveServer, company: Company
) -> None:
    inbox.open_conversation("Ada")
    unread = re.compile("is-unread")
    expect(inbox.row("Ada")).not_to_have_class(unread)

    inbox.pretend_hidden(True)
    visitor_writes(live_server.app, company, *messages_of(3, "behind your back"))
    inbox.expect_said([OPENED, *messages_of(3, "behind your back")])
    expect(inbox.row("Ada")).to_have_class(unread)

    inbox.pretend_hidden(False)
    expect(inbox.row("Ada")).not_to_have_class(unread)
    inbox.expect_state("live")
    inbox.expect_said([OPENED, *messages_of(3, "behind your back")])
    inbox.expect_never_doubled()


@pytest.fixture
def hasty(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company, page_faults: PageFaults
) -> InboxPage:
    """An agent's window in which nobody waits long, with Ada's conversation open."""
    page_faults.allow(CUT)
    context = new_context()
    context.add_init_script(HURRY)
    inbox = InboxPage.of(context, live_server, company)
    inbox.open_conversation("Ada")
    return inbox


def test_a_message_that_cannot_be_delivered_turns_red_and_goes_out_once(hasty: InboxPage) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=500, body="out of order")

    hasty.page.route("**/messages", refuse)
    hasty.say("precious words")
    failed = hasty.thread.locator(".is-pending").filter(has_text="precious words")
    expect(failed.get_by_role("button", name="Retry")).to_be_visible()
    expect(failed.get_by_text("Not sent")).to_be_visible()

    # It can be taken back into the box, corrected and sent again, to the same trouble; then the trouble ends.
    failed.get_by_role("button", name="Edit").click()
    expect(hasty.composer).to_have_value("precious words")
    hasty.say("more precious words")
    failed = hasty.thread.locator(".is-pending").filter(has_text="more precious words")
    expect(failed.get_by_role("button", name="Retry")).to_be_visible()
    hasty.page.unroute("**/messages", refuse)
    failed.get_by_role("button", name="Retry").click()
    hasty.expect_said([OPENED, "more precious words"])
    hasty.page.reload()
    hasty.expect_said([OPENED, "more precious words"])
    hasty.expect_never_doubled()


def test_an_answer_that_got_lost_does_not_write_the_message_twice(hasty: InboxPage) -> None:
    posts = []

    def swallow_first_answer(route: Route) -> None:
        posts.append(route.request.post_data)
        if len(posts) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    hasty.page.route("**/messages", swallow_first_answer)
    hasty.say("only once, please")
    hasty.expect_said([OPENED, "only once, please"])
    hasty.page.get_by_role("textbox", name="Reply").fill("a draft that stays")
    hasty.page.reload()
    hasty.expect_said([OPENED, "only once, please"])
    expect(hasty.composer).to_have_value("a draft that stays")
    assert posts[0] == posts[1]
    hasty.expect_never_doubled()


def test_two_tabs_and_a_double_click_write_each_message_once(
    inbox: InboxPage, live_server: LiveServer, company: Company
) -> None:
    inbox.open_conversation("Ada")
    twin = InboxPage(inbox.page.context.new_page(), live_server, company)
    twin.open()
    twin.open_conversation("Ada")

    inbox.composer.fill("pressed twice")
    inbox.page.get_by_role("button", name="Send").dblclick()
    twin.expect_said([OPENED, "pressed twice"])
    inbox.composer.fill("first tab")
    twin.composer.fill("second tab")
    inbox.composer.press("Control+Enter")
    twin.composer.press("Control+Enter")
    expect(inbox.said).to_have_count(4)
    expect(inbox.thread.locator(".is-pending")).to_have_count(0)
    order = [text.split("\n")[-1].removeprefix("Agent said: ") for text in inbox.said.all_inner_texts()]
    assert sorted(order[2:]) == ["first tab", "second tab"]
    twin.expect_said(order)
    inbox.expect_never_doubled()
    twin.expect_never_doubled()
