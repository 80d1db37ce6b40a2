"""The command palette: everything that the page can do, every page, and everybody, without a mouse."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_keyboard import expect_focus
from tests.factories import Company, inside, make_role, visitor_writes
from tests.support.inbox_page import InboxPage, enter
from tests.support.inspection import inspect
from tests.support.live import LiveServer


def chosen(page: Page) -> Locator:
    """What Enter would take, as a screen reader is told."""
    box = page.get_by_role("combobox", name="Do or find anything")
    return page.locator(f"#{box.get_attribute('aria-activedescendant')}")


def test_the_palette_does_goes_and_finds(page: Page, live_server: LiveServer, company: Company) -> None:
    visitor_writes(live_server.app, company, "I am Zoë.", name="Zoë Ångström")
    enter(page.context, live_server, company.email("owner"))
    inbox = InboxPage(page, live_server, company)
    inbox.open(f"/{company.conversation_id}")
    keys, palette = page.keyboard, page.get_by_role("dialog", name="Command palette")

    # Over what is being typed, which stays.
    inbox.composer.fill("half a sentence")
    keys.press("Control+k")
    expect(palette).to_be_visible()
    expect_focused_option(page, "Search messages and people")
    keys.press("ArrowDown")
    expect_focused_option(page, "Reply")
    keys.press("Escape")
    expect(palette).to_be_hidden()
    expect_focus(page, "Reply")
    expect(inbox.composer).to_have_value("half a sentence")

    # A deed of the open conversation.
    keys.press("Control+k")
    keys.type("close")
    expect_focused_option(page, "Close or reopen")
    keys.press("Enter")
    expect(inbox.activities).to_have_text(["Owner closed this"])

    # Somebody, without accents and without leaving the page.
    page.evaluate("window.sameDocument = true")
    keys.press("Control+k")
    keys.type("angstrom zoe")
    expect_focused_option(page, "Zoë Ångström I am Zoë.")
    expect(palette.locator("mark")).to_have_text(["Zoë", "Ångström"])
    keys.press("Enter")
    expect(page.get_by_role("region", name="Conversation with Zoë Ångström")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True

    # A page; there it offers what that page has.
    keys.press("Control+k")
    keys.type("audit")
    expect_focused_option(page, "Settings: Audit log")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Audit log", level=1)).to_be_visible()
    keys.press("Control+k")
    expect(palette.get_by_role("option", name="Reply")).to_have_count(0)
    keys.type("zzz")
    expect_focused_option(page, "Search messages for “zzz”")
    keys.press("Enter")
    expect(page.get_by_role("searchbox", name="Search messages and people")).to_have_value("zzz")


def expect_focused_option(page: Page, words: str) -> None:
    expect(page.locator('.palette [aria-selected="true"]')).to_contain_text(words)
    assert words in " ".join(chosen(page).inner_text().split())


def test_the_palette_is_clean_for_readers(page: Page, live_server: LiveServer, company: Company) -> None:
    enter(page.context, live_server, company.email("owner"))
    InboxPage(page, live_server, company).open()
    page.keyboard.press("Control+k")
    assert inspect(page, "palette", thorough=False) == []
    page.keyboard.type("ada")
    expect(page.get_by_role("option", name="Ada hello acme")).to_be_visible()
    assert inspect(page, "palette with people", thorough=False) == []


def test_whoever_reads_no_conversations_goes_to_pages_only(
    page: Page, live_server: LiveServer, company: Company
) -> None:
    with inside(live_server.app, company) as it:
        it.member("viewer").take(make_role("Team only", "team.view"))
        assert not it.member("viewer").may("conversations.view")
    enter(page.context, live_server, company.email("viewer"))
    page.goto(f"{live_server.url}/w/acme/")
    page.keyboard.press("Control+k")
    page.keyboard.type("ada")
    expect(page.get_by_text("Nothing here is called that.")).to_be_visible()
