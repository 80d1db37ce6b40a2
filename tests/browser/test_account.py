"""A person's own account, as people use it: a forgotten password by mail, then the sessions it leaves."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
from playwright.sync_api import BrowserContext, Page, expect

from chatapp.common.clock import now
from tests.factories import PASSWORD, Company
from tests.support.inbox_page import enter
from tests.support.live import LiveServer

NEW = "a new one, quite long"


def open_letter(page: Page, server: LiveServer, subject: str) -> None:
    """Wait until the worker has written it, open it, and follow its button."""
    letter = page.get_by_role("heading", name=subject)
    page.goto(f"{server.url}/dev/mail")
    for _ in range(40):
        if letter.count():
            break
        page.wait_for_timeout(250)
        page.reload()
    page.get_by_role("link", name="Open the letter").first.click()
    page.get_by_role("link", name="Choose a new password").click()


def test_a_forgotten_password_is_replaced_by_mail_and_logs_out_everywhere(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, company: Company
) -> None:
    elsewhere = new_context()
    enter(elsewhere, live_server, company.email("agent"))
    inbox = elsewhere.new_page()
    inbox.goto(f"{live_server.url}/w/{company.slug}/inbox")
    expect(inbox.locator("inbox-live")).to_have_attribute("data-state", "live")

    page = new_context().new_page()
    page.goto(f"{live_server.url}/login")
    page.get_by_role("link", name="Forgotten?").click()
    page.get_by_label("Email").fill(company.email("agent"))
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()

    open_letter(page, live_server, "Choose a new password")
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_text("Log in with the new one")).to_be_visible()
    expect(inbox).to_have_url(f"{live_server.url}/login?next=%2Fw%2F{company.slug}%2Finbox", timeout=5_000)

    page.get_by_label("Email").fill(company.email("agent"))
    page.get_by_label("Password").fill(NEW)
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{live_server.url}/account/sessions")
    expect(page.get_by_text("This browser")).to_be_visible()
    expect(page.get_by_role("button", name="Log out everywhere else")).to_have_count(0)


def test_two_factor_is_turned_on_and_then_asked_for(page: Page, live_server: LiveServer, company: Company) -> None:
    enter(page.context, live_server, company.email("agent"))
    page.goto(f"{live_server.url}/account")
    page.get_by_role("link", name="Two-factor").click()
    page.get_by_role("button", name="Set up").click()
    picture = page.get_by_alt_text("QR code for your authenticator app")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.naturalWidth") > 100
    phone = pyotp.TOTP(page.locator(".authenticator__key").inner_text())
    page.get_by_label("Code from the app").fill(phone.at(now() - timedelta(seconds=30)))
    page.get_by_role("button", name="Turn on").click()
    codes = page.get_by_role("region", name="Recovery codes").inner_text().split()
    assert len(codes) == 10

    page.get_by_role("button", name="Log out").click()
    page.get_by_label("Email").fill(company.email("agent"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("This code is wrong")).to_be_visible()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{live_server.url}/workspaces")
