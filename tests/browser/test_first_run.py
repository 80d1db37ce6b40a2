"""The first two minutes: register, name a workspace, make a project, paste the snippet; the first message is there."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.factories import PASSWORD
from tests.support.customer_site import page_with
from tests.support.live import LiveServer
from tests.support.mailbox import follow_letter
from tests.support.widget_page import WidgetPage


def test_from_nothing_to_the_first_message(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    customer_site: Callable[[str], str],
    page: Page,
) -> None:
    page.goto(live_server.url)
    page.get_by_role("link", name="Start in two minutes").click()
    page.get_by_label("Your name").fill("Nora Vidal")
    page.get_by_label("Email").fill("nora@lamps.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    follow_letter(page, live_server, "Open your account")
    page.get_by_role("button", name="Open the account").click()

    page.get_by_label("Name").fill("Lámparas & Co")
    expect(page.get_by_label("Address")).to_have_value("lamparas-co")
    page.get_by_role("button", name="Create workspace").click()
    expect(page.get_by_role("heading", name="Hello, Nora")).to_be_visible()

    page.get_by_role("link", name="New project").click()
    page.get_by_role("button", name="New project").click()
    dialog = page.get_by_role("dialog", name="New project")
    dialog.get_by_label("Name").fill("The shop")
    dialog.get_by_label("Allowed domains").fill("localhost")
    dialog.get_by_role("button", name="Create project").click()

    expect(page.get_by_role("heading", name="Waiting for your site…")).to_be_visible()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    page.locator("copy-button[data-state=copied]").get_by_text("Copied").wait_for()
    snippet = page.evaluate("navigator.clipboard.readText()")
    assert snippet.startswith(f'<script src="{live_server.url}/widget.js"')

    visitor = WidgetPage(new_context().new_page(), customer_site(page_with(snippet)))
    visitor.open()
    expect(page.get_by_role("heading", name="We see your site")).to_be_visible()
    expect(page.get_by_text(visitor.address)).to_be_visible()

    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_text("When a visitor writes on your site, it appears here by itself.")).to_be_visible()
    visitor.say("Is this on?")
    row = page.locator("#rows > .row")
    expect(row.locator(".row__preview")).to_have_text("Is this on?")
    row.get_by_role("link").click()
    page.get_by_role("textbox", name="Reply").fill("Loud and clear.")
    page.get_by_role("button", name="Send").click()
    visitor.expect_said(["Is this on?", "Loud and clear."])
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_text("This is where your workspace stands now.")).to_be_visible()
