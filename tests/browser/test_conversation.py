"""The main job in three windows: a visitor on a site and two agents, who see each other's deeds live.

What is the team's alone never reaches the visitor's browser, where the answers after it do arrive: it is looked for in
the panel's HTML, in every frame of its socket and in every answer that it was given.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from tests.factories import Company
from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage
from tests.support.inspection import inspect
from tests.support.live import LiveServer
from tests.support.widget_page import WidgetPage

VISITOR = re.compile(r"^Visitor \w{4}$")
SECRETS = ("eleven euros", "billing", "snooz", "He wrote before", "I do not know", "@Agent", "priority")
"""A note, a label, a deed, a note that was given up, an answer that was given up, a call by name and a rank."""


class Wire:
    """Everything that the visitor's browser is sent."""

    def __init__(self, widget: WidgetPage) -> None:
        self.widget, self.frames, self.answers = widget, list[str](), list[Response]()
        widget.page.on("websocket", lambda line: line.on("framereceived", self.note_frame))
        widget.page.on("response", self.note_answer)

    def note_frame(self, frame: bytes | str) -> None:
        self.frames.append(str(frame))

    def note_answer(self, answer: Response) -> None:
        if "json" in answer.headers.get("content-type", ""):
            self.answers.append(answer)

    def expect_clean(self, *, after: str) -> None:
        """What came last is there, each way; nothing of the team's is, any way."""
        panel = self.widget.panel.locator("html").inner_html()
        fetched = [answer.text() for answer in self.answers]
        assert after in panel
        assert any(after in frame for frame in self.frames)
        assert any("We do, within three days." in text for text in [*fetched, *self.frames])
        for secret in SECRETS:
            found = [text for text in [panel, *fetched, *self.frames] if secret.lower() in text.lower()]
            assert found == [], secret


@pytest.fixture
def other(new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company) -> InboxPage:
    """A second agent's window."""
    return InboxPage.of(new_context(), live_server, company, role="admin")


def company_in(inbox: InboxPage) -> Locator:
    return inbox.page.locator("[data-company]")


def test_a_visitor_and_two_agents_see_each_other_live(
    inbox: InboxPage, other: InboxPage, widget: WidgetPage, page_faults: PageFaults
) -> None:
    page_faults.allow("ERR_INTERNET_DISCONNECTED")
    page_faults.allow("status of 409")
    wire = Wire(widget)
    name = visitor_begins(inbox, widget)
    they_see_who_looks_and_writes(name, inbox, other, widget)
    an_answer_is_corrected(inbox, other, widget)
    a_colleague_is_called_in_a_note(inbox, other, widget)
    it_is_taken_labelled_and_snoozed(name, inbox, other, widget)
    answers_that_cross_wait_for_their_author(inbox, other, widget)
    it_is_closed_and_comes_back(name, inbox, other, widget)
    it_is_split_merged_and_taken_apart(inbox, other, widget)
    other.page.get_by_role("button", name="Private note").click()
    other.page.get_by_role("textbox", name="Private note").press_sequentially("Hm")
    expect(company_in(inbox)).to_have_text("Admin is writing a note…")
    other.page.close()
    expect(company_in(inbox)).to_be_hidden()
    inbox.say("Bye.")
    expect(widget.said.last).to_have_text("Bye.")
    wire.expect_clean(after="Bye.")


def visitor_begins(inbox: InboxPage, widget: WidgetPage) -> str:
    """It rises to the top of the list, unread, and the numbers follow."""
    expect(inbox.rows).to_have_count(1)
    widget.open()
    widget.say("Do you ship to Portugal?")
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
    return name


def they_see_who_looks_and_writes(name: str, inbox: InboxPage, other: InboxPage, widget: WidgetPage) -> None:
    expect(company_in(inbox)).to_be_hidden()
    other.open_conversation(name)
    expect(company_in(inbox)).to_have_text("Admin is looking")
    expect(company_in(other)).to_have_text("Agent is looking")  # they were asked

    other.composer.press_sequentially("We do, within")
    expect(company_in(inbox)).to_have_text("Admin is writing…")
    expect(widget.panel.locator(".typing")).to_be_visible()
    expect(widget.panel.locator(".typing")).to_contain_text("Admin")
    expect(company_in(other)).to_have_text("Agent is looking")
    other.say("We do, within a week.")
    expect(company_in(inbox)).to_have_text("Admin is looking")
    expect(widget.panel.locator(".typing")).to_be_hidden()
    widget.expect_said(["Do you ship to Portugal?", "We do, within a week."])
    expect(inbox.rows.first.locator(".row__preview")).to_have_text("Team: We do, within a week.")

    bubble = inbox.page.locator(".typing")
    expect(bubble).to_be_hidden()
    widget.box.press_sequentially("And to")
    expect(bubble).to_be_visible()
    assert inspect(inbox.page, "writing", thorough=False) == []
    widget.say("And to Madeira?")
    expect(bubble).to_be_hidden()
    expect(inbox.rows.first).not_to_have_class(re.compile("is-unread"))  # it is in front of the agent's eyes
    expect(inbox.thread.locator("[data-seen]").filter(has_text="within a week")).to_have_count(1)

    other.open_conversation("Ada")
    expect(company_in(inbox)).to_be_hidden()
    other.open_conversation(name)
    for window in (inbox, other):
        window.expect_said(["Do you ship to Portugal?", "We do, within a week.", "And to Madeira?"])


def an_answer_is_corrected(inbox: InboxPage, other: InboxPage, widget: WidgetPage) -> None:
    inbox.say("We do, within tree days.")
    expect(other.said.last).to_contain_text("We do, within tree days.")
    mine = inbox.thread.locator("[data-mine]").last
    mine.hover()
    mine.get_by_role("button", name="What to do with this message").click()
    inbox.page.get_by_role("menuitem", name="Edit").click()
    inbox.page.get_by_role("dialog").get_by_role("textbox", name="Text").fill("We do, within three days.")
    inbox.page.get_by_role("button", name="Save").click()
    for window in (inbox, other):
        expect(window.said.last).to_contain_text("three days")
    expect(widget.said.last).to_have_text("We do, within three days.")


def a_colleague_is_called_in_a_note(inbox: InboxPage, other: InboxPage, widget: WidgetPage) -> None:
    """A note is for the team: the visitor sees neither that it is written nor what it says."""
    other.page.get_by_role("button", name="Private note").click()
    note = other.page.get_by_role("textbox", name="Private note")
    note.press_sequentially("He wrote before")
    expect(company_in(inbox)).to_have_text("Admin is writing a note…")
    expect(widget.panel.locator(".typing")).to_be_hidden()
    note.fill("@Agent, Madeira costs us eleven euros.")
    other.page.get_by_role("button", name="Send").click()
    expect(inbox.said.last).to_contain_text("Madeira costs us eleven euros.")
    expect(inbox.thread.locator(".mention[data-me]")).to_have_text(["@Agent"])
    expect(inbox.view_count("Mentions")).to_have_text("1")
    other.page.get_by_role("button", name="Reply", exact=True).click()
    other.say("To Madeira as well.")
    expect(widget.said.last).to_have_text("To Madeira as well.")
    expect(widget.panel.locator("body")).not_to_contain_text("eleven euros")
    for window in (inbox, other):
        expect(window.said).to_have_count(6)
    expect(widget.said).to_have_count(5)


def it_is_taken_labelled_and_snoozed(name: str, inbox: InboxPage, other: InboxPage, widget: WidgetPage) -> None:
    inbox.assign("Take it myself")
    for window in (inbox, other):
        expect(window.activities).to_have_text(["Agent took this"])
        expect(window.page.get_by_role("button", name="Assigned to Agent. Assign")).to_be_visible()
    expect(inbox.view_count("Mine")).to_have_text("1")

    keys = inbox.page.keyboard
    keys.press("l")
    picker = inbox.page.get_by_role("dialog", name="Labels")
    picker.get_by_role("button", name="billing").click()
    expect(other.row(name).locator(".label-chip")).to_have_text(["billing"])
    keys.press("Escape")
    keys.press("p")
    inbox.page.get_by_role("menuitem", name="Urgent").click()
    expect(other.row(name).locator(".priority--urgent")).to_have_text("Urgent")

    inbox.page.get_by_role("button", name="Snooze", exact=True).click()
    inbox.page.get_by_role("dialog", name="Snooze").get_by_role("button", name="They write again").click()
    for window in (inbox, other):
        expect(window.activities.last).to_have_text("Agent snoozed this until the visitor writes")
        expect(window.view_count("Snoozed")).to_have_text("1")
    expect(widget.said).to_have_count(5)
    widget.say("Hello?")
    for window in (inbox, other):
        expect(window.view_count("Snoozed")).to_have_text("0")
        expect(window.page.locator(".thread__sub")).not_to_contain_text("Until")
        expect(window.rows).to_have_count(2)


def answers_that_cross_wait_for_their_author(inbox: InboxPage, other: InboxPage, widget: WidgetPage) -> None:
    inbox.page.context.set_offline(True)  # the other answer is on its way, and not seen
    inbox.composer.fill("I do not know.")
    other.say("We ship on Tuesday.")
    expect(widget.said.last).to_have_text("We ship on Tuesday.")
    inbox.page.context.set_offline(False)
    inbox.page.get_by_role("button", name="Send").click()

    held = inbox.thread.locator(".is-pending")
    expect(held).to_contain_text("Admin answered while you were writing: “We ship on Tuesday.”")
    assert inspect(inbox.page, "held", thorough=False) == []
    expect(other.said.last).to_contain_text("We ship on Tuesday.")
    inbox.page.reload()
    expect(held).to_contain_text("I do not know.")  # it is kept
    held.get_by_role("button", name="Edit").click()
    expect(inbox.composer).to_have_value("I do not know.")
    inbox.composer.fill("As Admin said.")
    inbox.page.get_by_role("button", name="Send").click()
    said = [
        *("Do you ship to Portugal?", "We do, within a week.", "And to Madeira?", "We do, within three days."),
        *("Madeira costs us eleven euros.", "To Madeira as well.", "Hello?", "We ship on Tuesday.", "As Admin said."),
    ]
    other.expect_said(said)

    inbox.composer.fill("Once")
    other.say("Twice")
    inbox.expect_holds([*said, "Twice"])
    inbox.page.get_by_role("button", name="Send").click()
    held.get_by_role("button", name="Send anyway").click()
    for window in (inbox, other):
        window.expect_said([*said, "Twice", "Once"])
    widget.expect_said([text for text in (*said, "Twice", "Once") if "eleven" not in text])


def it_is_closed_and_comes_back(name: str, inbox: InboxPage, other: InboxPage, widget: WidgetPage) -> None:
    """When the visitor writes again it is back by itself, where it was, still the agent's."""
    inbox.page.get_by_role("button", name="Close", exact=True).click()
    expect(other.activities.last).to_have_text("Agent closed this")
    expect(inbox.rows).to_have_count(1)
    expect(inbox.view_count("All")).to_have_text("1")
    expect(widget.panel.get_by_text("Conversation closed")).to_be_visible()

    widget.say("Thank you!")
    expect(inbox.row(name)).to_have_count(1)
    expect(inbox.page.get_by_role("button", name="Close", exact=True)).to_be_visible()
    for window in (inbox, other):
        expect(window.said.last).to_contain_text("Thank you!")
    expect(inbox.view_count("Mine")).to_have_text("1")
    inbox.open("?view=mine")
    expect(inbox.names).to_have_text([name])
    inbox.open_conversation(name)


def it_is_split_merged_and_taken_apart(inbox: InboxPage, other: InboxPage, widget: WidgetPage) -> None:
    widget.say("And my invoice?")
    widget.say("It is number 88.")
    expect(other.said.last).to_contain_text("It is number 88.")
    choose(inbox.page, "Split from a message…", "It is number 88.", "Split")
    expect(other.said.last).to_contain_text("And my invoice?")
    inbox.expect_said(["It is number 88."])
    expect(widget.said.last).to_have_text("And my invoice?")

    inbox.page.get_by_role("link", name="Go there").click()
    choose(inbox.page, "Merge another one into this…", "It is number 88.", "Merge")
    for window in (inbox, other):
        expect(window.said.last).to_contain_text("It is number 88.")
        expect(window.said).to_have_count(14)
    expect(widget.said.last).to_have_text("It is number 88.")
    inbox.page.get_by_role("button", name="Undo").click()
    expect(other.said.last).to_contain_text("And my invoice?")
    expect(other.said).to_have_count(13)


def choose(page: Page, deed: str, choice: str, verb: str) -> None:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name=deed).click()
    dialog = page.get_by_role("dialog", name="The shape of this conversation")
    dialog.get_by_role("radio", name=choice).check()
    assert inspect(page, deed, thorough=False) == []
    dialog.get_by_role("button", name=verb, exact=True).click()
