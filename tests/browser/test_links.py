"""Links of letters, in the hands of everybody who may have them: right, wrong, over, used and somebody else's."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import update

from chatapp.auth.models import Registration
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.invitations.models import Invitation
from tests.browser.conftest import Door
from tests.factories import PASSWORD, Company, inside
from tests.support.browser import PageFaults
from tests.support.live import LiveServer
from tests.support.mailbox import follow_letter, letter, link_of
from tests.support.words import Surroundings

GONE = "status of 410"
NEW_ADDRESS = "new@acme.example"


def expect_over(page: Page, link: str, say: Surroundings) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", name=say.say("This link is over"))).to_be_visible()
    expect(page.get_by_text(say.say("It was used before, or it is too old. Nothing was changed."))).to_be_visible()


def trust_the_server(page: Page) -> None:
    """As a browser that checks nothing itself."""
    page.evaluate("for (const form of document.forms) form.noValidate = true")


def test_an_address_changes_by_a_letter_and_only_by_the_right_one(
    door: Door, surroundings: Surroundings, live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow(GONE)
    say = surroundings.say
    page = door("agent", "/account/email")
    trust_the_server(page)
    page.get_by_label(say("New address")).fill("no address")
    page.get_by_role("button", name=say("Change address")).click()
    expect(page.get_by_label(say("New address"))).to_have_value("no address")
    expect(page.get_by_text(say("This does not look like a mail address."))).to_be_visible()
    for wish in ("first@acme.example", NEW_ADDRESS):
        page.get_by_label(say("New address")).fill(wish)
        page.get_by_role("button", name=say("Change address")).click()
        expect(
            page.get_by_text(say("We have sent a link to the new address. Until you follow it, nothing changes."))
        ).to_be_visible()
    expect(page.get_by_text(company.email("agent")).first).to_be_visible()

    subject = say("Confirm your address")
    earlier = link_of(letter(live_server, subject, "first@acme.example"))
    expect_over(page, link_of(letter(live_server, subject, NEW_ADDRESS)) + "x", surroundings)
    elsewhere = door(
        "viewer", "/account"
    )  # whoever reads the letter, in whichever browser: it moves the agent's account
    used = follow_letter(elsewhere, live_server, subject, NEW_ADDRESS)
    elsewhere.get_by_role("button", name=say("Confirm")).click()
    expect(elsewhere.get_by_text(say("Thank you, your address is confirmed."))).to_be_visible()
    expect(elsewhere.get_by_text(company.email("viewer"))).to_be_visible()
    for over in (used, earlier):
        expect_over(page, over, surroundings)
    page.goto(f"{live_server.url}/account")
    expect(page.get_by_text(NEW_ADDRESS)).to_be_visible()
    told = letter(live_server, say("Your address was changed"))
    assert (told["To"], NEW_ADDRESS in str(told)) == (company.email("agent"), True)


def test_a_forgotten_password_has_a_link_that_is_good_once_and_for_an_hour(
    door: Door, surroundings: Surroundings, live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow(GONE)
    say = surroundings.say
    with inside(live_server.app, company) as it:
        it.member("agent").user.locale = surroundings.locale
    page = door(path="/forgotten-password")
    for address in ("nobody@acme.example", company.email("agent")):
        page.goto(f"{live_server.url}/forgotten-password")
        page.get_by_label(say("Email")).fill(address)
        page.get_by_role("button", name=say("Send the link")).click()
        expect(page.get_by_role("heading", name=say("Look at your mail"))).to_be_visible()

    link = follow_letter(page, live_server, say("Choose a new password"), company.email("agent"))
    password = page.get_by_label(say("New password"), exact=True)
    password.fill("short")
    trust_the_server(page)
    page.get_by_role("button", name=say("Save the password")).click()
    expect(page.get_by_text(say("Use at least 12 characters."))).to_be_visible()
    password.fill("a new one, quite long")
    page.get_by_role("button", name=say("Save the password")).click()
    expect(page.get_by_text(say("Your password was changed. Log in with the new one."))).to_be_visible()
    expect_over(page, link, surroundings)
    assert letter(live_server, say("Your password was changed"))["To"] == company.email("agent")
    assert not any(one["To"] == "nobody@acme.example" for one in live_server.mail.messages())


def test_a_link_to_an_account_is_no_use_to_a_stranger_or_too_late(
    door: Door, surroundings: Surroundings, live_server: LiveServer, page_faults: PageFaults
) -> None:
    page_faults.allow(GONE)
    say = surroundings.say
    page = door(path="/register")
    page.get_by_label(say("Your name")).fill("Nora Vidal")
    page.get_by_label(say("Email")).fill("nora@lamps.example")
    page.get_by_label(say("Password")).fill(PASSWORD)
    page.get_by_role("button", name=say("Create account")).click()
    expect(page.get_by_role("heading", name=say("Look at your mail"))).to_be_visible()

    elsewhere = door()
    link = follow_letter(elsewhere, live_server, say("Open your account"), "nora@lamps.example")
    elsewhere.get_by_label(say("Password")).fill("of a stranger, long")
    elsewhere.get_by_role("button", name=say("Open the account")).click()
    expect(elsewhere.get_by_label(say("Password"))).to_have_attribute("aria-invalid", "true")
    with live_server.app.app_context():
        db.session.execute(update(Registration).values(expires_at=now()))
        db.session.commit()
    elsewhere.get_by_label(say("Password")).fill(PASSWORD)
    elsewhere.get_by_role("button", name=say("Open the account")).click()
    expect(elsewhere.get_by_role("heading", name=say("This link is over"))).to_be_visible()
    expect_over(page, link, surroundings)


def test_an_invitation_is_for_one_person_once_and_while_it_is_good(
    door: Door, surroundings: Surroundings, live_server: LiveServer, company: Company, page_faults: PageFaults
) -> None:
    page_faults.allow("status of 4(03|04|10)")
    say = surroundings.say
    owner = door("owner", f"/w/{company.slug}/team")
    owner.get_by_role("button", name=say("Invite people")).click()
    owner.get_by_role("textbox", name=say("Mail addresses")).fill("grace@x.example, no address")
    owner.get_by_role("button", name=say("Invite"), exact=True).click()
    expect(owner.get_by_role("textbox", name=say("Mail addresses"))).to_have_value("grace@x.example, no address")
    owner.get_by_role("textbox", name=say("Mail addresses")).fill("grace@x.example")
    owner.get_by_role("button", name=say("Invite"), exact=True).click()
    expect(owner.get_by_role("dialog", name=say("On their way"))).to_be_visible()

    subject = say("%(person)s invites you to %(workspace)s", person="Owner", workspace="Acme")
    link = link_of(letter(live_server, subject, "grace@x.example"))
    stranger = door("viewer", link.removeprefix(live_server.url))
    expect(stranger.get_by_role("heading", name=say("This invitation does not open"))).to_be_visible()
    with inside(live_server.app, company):
        db.session.execute(update(Invitation).where(Invitation.email == "grace@x.example").values(expires_at=now()))
    guest = door(path=link.removeprefix(live_server.url))
    expect(guest.get_by_role("heading", name=say("This invitation does not open"))).to_be_visible()

    owner.goto(f"{live_server.url}/w/{company.slug}/team")
    owner.get_by_role("button", name=say("Invite %(email)s again", email="grace@x.example")).click()
    expect(owner.get_by_text(say("Expired"))).to_have_count(0)
    again = link_of(letter(live_server, subject, "grace@x.example", number=2))
    guest.goto(again)
    guest.get_by_role("link", name=say("Create an account")).click()
    guest.get_by_label(say("Your name")).fill("Grace")
    guest.get_by_label(say("Password")).fill(PASSWORD)
    guest.get_by_role("button", name=say("Create account")).click()
    expect(guest).to_have_url(f"{live_server.url}/w/{company.slug}/")
    guest.goto(again)
    expect(guest.get_by_role("heading", name=say("This invitation does not open"))).to_be_visible()
