"""The main job, from end to end: a visitor writes on a site, agents answer from the inbox, both live."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.factories import Company
from tests.support.inbox_page import InboxPage
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage

VISITOR = re.compile(r"^Visitor \w{4}$")


def test_a_visitor_and_two_agents_talk_live(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    company: Company,
    inbox: InboxPage,
    widget: WidgetPage,
) -> None:
    expect(inbox.rows).to_have_count(1)

    frames: list[str] = []
    widget.page.on("websocket", lambda line: line.on("framereceived", lambda frame: frames.append(str(frame))))
    widget.open()
    widget.say("Do you ship to Portugal?")

    # It rises to the top of the list, unread, and the numbers follow.
    expect(inbox.rows).to_have_count(2)
    row = inbox.rows.first
    expect(row).to_have_class(re.compile("is-unread"))
    expect(row.locator(".row__preview")).to_have_text("Do you ship to Portugal?")
    expect(inbox.view_count("All")).to_have_text("2")
    expect(inbox.view_count("Mine")).to_have_text("0")

    name = row.get_by_role("link").inner_text()
    assert VISITOR.match(name)
    inbox.open_conversation(name)
    inbox.expect_said(["Do you ship to Portugal?"])
    expect(row).not_to_have_class(re.compile("is-unread"))

    inbox.say("We do, within three days.")
    widget.expect_said(["Do you ship to Portugal?", "We do, within three days."])
    inbox.expect_said(["Do you ship to Portugal?", "We do, within three days."])
    expect(row.locator(".row__preview")).to_have_text("Team: We do, within three days.")

    widget.say("And to Madeira?")
    inbox.expect_said(["Do you ship to Portugal?", "We do, within three days.", "And to Madeira?"])
    expect(row).not_to_have_class(re.compile("is-unread"))  # it is in front of the agent's eyes
    expect(inbox.thread.locator("[data-seen]").filter(has_text="within three days")).to_have_count(1)

    second = InboxPage.of(new_context(), live_server, company, "admin")
    second.open_conversation(name)
    everything = ["Do you ship to Portugal?", "We do, within three days.", "And to Madeira?"]
    second.expect_said(everything)

    # A note is for the team: neither in the visitor's window nor on its line, where the reply after it does arrive.
    inbox.note("Madeira costs us eleven euros.")
    second.expect_said([*everything, "Madeira costs us eleven euros."])
    second.say("To Madeira as well.")
    widget.expect_said([*everything, "To Madeira as well."])
    expect(widget.panel.locator("body")).not_to_contain_text("eleven euros")
    assert any("To Madeira as well." in frame for frame in frames)
    assert not any("eleven euros" in frame for frame in frames)
    inbox.expect_said([*everything, "Madeira costs us eleven euros.", "To Madeira as well."])

    inbox.assign("Take it myself")
    expect(inbox.activities).to_have_text(["Agent took this"])
    expect(inbox.view_count("Mine")).to_have_text("1")

    inbox.page.get_by_role("button", name="Close", exact=True).click()
    expect(second.activities).to_have_text(["Agent took this", "Agent closed this"])
    expect(inbox.rows).to_have_count(1)
    expect(inbox.view_count("All")).to_have_text("1")
    expect(widget.panel.get_by_text("Conversation closed")).to_be_visible()

    # The visitor writes again: it is back by itself, where it was, still the agent's.
    widget.say("Thank you!")
    expect(inbox.row(name)).to_have_count(1)
    expect(inbox.page.get_by_role("button", name="Close", exact=True)).to_be_visible()
    closing = ["Madeira costs us eleven euros.", "To Madeira as well.", "Thank you!"]
    inbox.expect_said([*everything, *closing])
    second.expect_said([*everything, *closing])
    expect(inbox.view_count("Mine")).to_have_text("1")
    inbox.open("?view=mine")
    expect(inbox.names).to_have_text([name])
