"""Files go both ways, in real browsers: chosen, dropped and pasted, with a picture seen and a file saved."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, FrameLocator, Locator, Page, Route, expect

from tests.support.browser import PageFaults
from tests.support.inbox_page import InboxPage
from tests.support.picture_files import picture_file
from tests.support.widget_page import WidgetPage

PICTURE: FilePayload = {"name": "beach.png", "mimeType": "image/png", "buffer": picture_file(size=(1200, 800))}
LIST: FilePayload = {"name": "prices.txt", "mimeType": "text/plain", "buffer": b"One euro each."}
_DROP = """
    (target, [name, content, how]) => {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name));
      const options = { bubbles: true, cancelable: true };
      if (how === "paste") target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: data }));
      else for (const name of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(name, { ...options, dataTransfer: data }));
      }
    }
"""


def hand_over(target: Locator, name: str, content: bytes, how: str) -> None:
    """Drop or paste a file onto an element."""
    target.evaluate(_DROP, [name, base64.b64encode(content).decode(), how])


def choose(page: Page, *files: FilePayload | Path, within: FrameLocator | None = None) -> None:
    with page.expect_file_chooser() as chooser:
        (within or page).get_by_role("button", name="Attach files").click()
    chooser.value.set_files(list(files))  # type: ignore[arg-type]


def is_seen(image: Locator) -> None:
    """It was loaded, and is as large as its place said before."""
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") > 0


@pytest.fixture
def talk(widget: WidgetPage, inbox: InboxPage) -> None:
    """The visitor has written, and the agent has it open."""
    widget.open()
    widget.say("Hello")
    expect(inbox.rows).to_have_count(2)
    inbox.rows.first.get_by_role("link").click()
    inbox.expect_said(["Hello"])


@pytest.mark.usefixtures("talk")
def test_an_agent_sends_a_picture_and_the_visitor_sees_it(widget: WidgetPage, inbox: InboxPage) -> None:
    choose(inbox.page, PICTURE, LIST)
    chips = inbox.page.locator(".tray__file")
    expect(chips).to_have_count(2)
    expect(inbox.page.locator('.tray__file[data-state="ready"]')).to_have_count(2)
    inbox.say("Our beach.")
    expect(chips).to_have_count(0)
    is_seen(widget.panel.get_by_role("img", name="beach.png"))
    expect(widget.panel.get_by_role("link", name=re.compile("prices.txt"))).to_be_visible()

    mine = inbox.thread.get_by_role("img", name="beach.png")
    is_seen(mine)
    box = mine.bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(1.5, abs=0.01)
    inbox.thread.get_by_role("link", name="Enlarge beach.png").click()
    large = inbox.page.get_by_role("dialog", name="beach.png")
    is_seen(large.get_by_role("img"))
    inbox.page.keyboard.press("Escape")
    expect(large).to_be_hidden()

    widget.panel.get_by_role("button", name="beach.png").click()
    is_seen(widget.panel.locator("dialog img"))
    widget.panel.locator("dialog").get_by_role("button", name="Close").click()
    expect(widget.panel.locator("dialog")).to_be_hidden()


@pytest.mark.usefixtures("talk")
def test_a_visitor_sends_a_file_and_the_agent_saves_it(widget: WidgetPage, inbox: InboxPage, tmp_path: Path) -> None:
    choose(widget.page, LIST, within=widget.panel)
    expect(widget.panel.locator(".chip small")).to_have_text(re.compile("14"))
    widget.panel.get_by_role("button", name="Send", exact=True).click()
    link = inbox.thread.get_by_role("link", name=re.compile("prices.txt"))
    expect(link).to_be_visible()
    expect(inbox.rows.first.locator(".row__preview")).to_have_text("📎 prices.txt")
    with inbox.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "prices.txt"
    download.value.save_as(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == b"One euro each."

    uploads, held = re.compile(r"/widget/attachments\?"), list[Route]()
    widget.page.route(uploads, lambda route: held.append(route))
    with widget.page.expect_request(uploads):
        choose(widget.page, PICTURE, within=widget.panel)
    widget.say("Sent while it is on its way")
    held[0].continue_()
    is_seen(inbox.thread.get_by_role("img", name="beach.png"))
    with widget.page.expect_download() as own:
        widget.panel.get_by_role("link", name=re.compile("prices.txt")).click()
    assert own.value.suggested_filename == "prices.txt"


@pytest.mark.usefixtures("talk")
def test_files_are_dropped_pasted_and_taken_away(widget: WidgetPage, inbox: InboxPage) -> None:
    chips = inbox.page.locator(".tray__file")
    hand_over(inbox.page.locator(".thread"), "dropped.txt", b"dropped", "drop")
    hand_over(inbox.composer, "pasted.png", picture_file(), "paste")
    expect(inbox.page.locator('.tray__file[data-state="ready"]')).to_have_count(2)
    inbox.page.get_by_role("button", name="Remove dropped.txt").click()
    expect(chips).to_have_count(1)
    inbox.page.get_by_role("button", name="Private note").click()
    expect(chips).to_have_count(0)  # a note has its own
    inbox.page.get_by_role("button", name="Reply", exact=True).click()
    expect(chips).to_have_count(1)
    inbox.page.reload()
    inbox.expect_state("live")
    expect(chips).to_have_count(1)
    inbox.page.get_by_role("button", name="Send").click()
    is_seen(widget.panel.get_by_role("img", name="pasted.png"))
    expect(widget.panel.get_by_text("dropped.txt")).to_have_count(0)

    hand_over(widget.box, "shot.png", picture_file(), "paste")
    hand_over(widget.panel.locator(".panel"), "letter.txt", b"Dear team", "drop")
    expect(widget.panel.locator(".chip progress:visible")).to_have_count(0)
    widget.panel.get_by_role("button", name="Remove letter.txt").click()
    widget.say("See?")
    is_seen(inbox.thread.get_by_role("img", name="shot.png"))
    expect(inbox.thread.get_by_text("letter.txt")).to_have_count(0)


@pytest.mark.usefixtures("talk")
def test_what_cannot_be_sent_says_why_and_holds_the_message(
    widget: WidgetPage, inbox: InboxPage, page_faults: PageFaults, tmp_path: Path
) -> None:
    page_faults.allow("status of 422")
    nothing, large = tmp_path / "empty.txt", tmp_path / "large.bin"
    nothing.touch()
    with large.open("wb") as file:
        file.truncate(26 * 1024 * 1024)
    choose(inbox.page, nothing, large)
    failed = inbox.page.locator('.tray__file[data-state="failed"] .tray__note')
    expect(failed).to_have_text(["This file is empty.", re.compile("Larger than 25 MB")])
    inbox.say("With files")
    inbox.expect_said(["Hello"])
    for name in ("empty.txt", "large.bin"):
        inbox.page.get_by_role("button", name=f"Remove {name}").click()
    inbox.page.get_by_role("button", name="Send").click()
    inbox.expect_said(["Hello", "With files"])

    choose(widget.page, nothing, large, within=widget.panel)
    notes = widget.panel.locator(".chip--failed small")
    expect(notes).to_have_text(["This file is empty.", "Larger than 25 MB."])


@pytest.mark.usefixtures("talk")
def test_files_are_kept_when_sending_fails(inbox: InboxPage, page_faults: PageFaults) -> None:
    page_faults.allow("status of 4")
    choose(inbox.page, LIST)
    expect(inbox.page.locator('.tray__file[data-state="ready"]')).to_have_count(1)
    inbox.page.route("**/messages", lambda route: route.fulfill(status=403, body="<p data-error>Not now.</p>"))
    inbox.say("The prices")
    failed = inbox.thread.locator('.is-pending[data-state="failed"]')
    expect(failed).to_contain_text("prices.txt")
    failed.get_by_role("button", name="Edit").click()
    expect(inbox.page.locator('.tray__file[data-state="ready"]')).to_have_count(1)
    expect(inbox.composer).to_have_value("The prices")
    inbox.page.unroute("**/messages")
    inbox.page.get_by_role("button", name="Send").click()
    expect(inbox.thread.get_by_role("link", name=re.compile("prices.txt"))).to_be_visible()
