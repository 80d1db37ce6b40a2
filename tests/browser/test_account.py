"""A person's own account, as people use it: a forgotten password by mail, two-factor, and what asks once more."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import update

from chatapp.auth.models import UserSession
from chatapp.common.clock import now
from chatapp.common.db import db
from tests.browser.conftest import Door
from tests.factories import PASSWORD, Company, inside
from tests.support.browser import PageFaults
from tests.support.inbox_page import enter
from tests.support.live import LiveServer
from tests.support.mailbox import follow_letter, letter
from tests.support.words import Surroundings

NEW = "a new one, quite long"


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

    follow_letter(page, live_server, "Choose a new password")
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


@pytest.mark.parametrize(
    ("locale", "deed", "question", "done", "subject"),
    [
        ("en", "Change address", "Is it you?", "We have sent a link to the new address.", "Confirm your address"),
        (
            "es",
            "Cambiar la dirección",
            "¿Eres tú?",
            "Hemos enviado un enlace a la dirección nueva.",
            "Confirma tu dirección",
        ),
    ],
)
def test_a_dangerous_deed_asks_who_is_there_and_then_does_what_was_typed(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    company: Company,
    page_faults: PageFaults,
    locale: str,
    deed: str,
    question: str,
    done: str,
    subject: str,
) -> None:
    page_faults.allow("status of 403")
    phone = new_context(viewport={"width": 390, "height": 844})
    enter(phone, live_server, company.email("agent"))
    with inside(live_server.app, company) as it:
        it.member("agent").user.locale = locale
        db.session.execute(update(UserSession).values(proved_at=now() - timedelta(minutes=10)))
    page = phone.new_page()
    page.goto(f"{live_server.url}/account/email")
    page.locator("#email").fill("new@acme.example")
    page.get_by_role("button", name=deed).click()
    expect(page.get_by_role("heading", name=question)).to_be_visible()
    proof = page.locator("#proof")
    expect(proof).to_be_focused()
    proof.fill("not this one")
    page.keyboard.press("Enter")
    expect(proof).to_have_attribute("aria-invalid", "true")
    proof.fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text(done)).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/account/email")
    assert letter(live_server, subject)["To"] == "new@acme.example"


@pytest.mark.parametrize(
    ("locale", "width", "make", "kept", "revoke", "none"),
    [
        ("en", 1440, "Make the token", "I have kept it", "Revoke: Night report", "No tokens yet"),
        ("es", 390, "Crear el token", "Lo he guardado", "Revocar: Night report", "Aún no hay tokens"),
    ],
)
def test_a_token_is_made_shown_once_and_revoked(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    company: Company,
    locale: str,
    width: int,
    make: str,
    kept: str,
    revoke: str,
    none: str,
) -> None:
    with inside(live_server.app, company) as it:
        it.member("agent").user.locale = locale
    context = new_context(viewport={"width": width, "height": 844})
    enter(context, live_server, company.email("agent"))
    page = context.new_page()
    page.goto(f"{live_server.url}/account/tokens")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport()
    page.locator("#name").fill("Night report")
    page.get_by_role("button", name=make).click()
    token = page.locator("#token").inner_text()
    asked = context.request.get(f"{live_server.url}/api/v1/workspaces", headers={"Authorization": f"Bearer {token}"})
    assert [row["slug"] for row in asked.json()["data"]] == [company.slug]
    page.get_by_role("link", name=kept).click()
    expect(page.get_by_text(token)).to_have_count(0)
    page.get_by_role("button", name=revoke).click()
    expect(page.get_by_role("heading", name=none)).to_be_visible()


def test_a_password_is_changed_and_every_other_browser_is_out(
    door: Door, surroundings: Surroundings, live_server: LiveServer, company: Company
) -> None:
    say = surroundings.say
    elsewhere = door("agent", f"/w/{company.slug}/inbox")
    expect(elsewhere.locator("inbox-live")).to_have_attribute("data-state", "live")
    page = door("agent", "/account/security")
    current, new = page.get_by_label(say("Current password")), page.get_by_label(say("New password"))
    change = page.get_by_role("button", name=say("Change password"))
    current.fill("not this one")
    new.fill(NEW)
    change.click()
    expect(current).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text(say("This is not your current password."))).to_be_visible()
    current.fill(PASSWORD)
    new.fill("short")
    page.evaluate("for (const form of document.forms) form.noValidate = true")  # as a browser that checks nothing
    change.click()
    expect(page.get_by_text(say("Use at least 12 characters."))).to_be_visible()
    current.fill(PASSWORD)
    new.fill(NEW)
    change.click()
    expect(page.get_by_text(say("Your password was changed, and every other browser was logged out."))).to_be_visible()
    expect(elsewhere).to_have_url(re.compile("/login"), timeout=5_000)
    assert letter(live_server, say("Your password was changed"))["To"] == company.email("agent")
    elsewhere.locator("[name=email]").fill(company.email("agent"))
    elsewhere.locator("[name=password]").fill(NEW)
    elsewhere.keyboard.press("Enter")
    expect(elsewhere).not_to_have_url(re.compile("/login"))
