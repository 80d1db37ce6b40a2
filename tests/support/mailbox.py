"""Mailboxes at the real mail server, as people use them: they wait for a letter, open it and follow its button."""

from __future__ import annotations

import re
import time
from email.message import EmailMessage

from playwright.sync_api import Page

from tests.support.live import LiveServer

_PATIENCE = 15.0
_LINK = re.compile(r"^https?://\S+$", re.MULTILINE)


def letter(server: LiveServer, subject: str, to: str | None = None, *, number: int = 1) -> EmailMessage:
    """The newest letter of this subject, as soon as there are so many of them."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        found = [one for one in server.mail.messages() if one["Subject"] == subject and to in (None, one["To"])]
        if len(found) >= number:
            return found[-1]
        time.sleep(0.05)
    raise AssertionError(f"no “{subject}” among {[(one['To'], one['Subject']) for one in server.mail.messages()]}")


def link_of(message: EmailMessage) -> str:
    """The address behind the one link, which text and HTML share."""
    (link,) = set(_LINK.findall(_part(message, "plain")))
    assert f'href="{link}"' in _part(message, "html")
    return str(link)


def follow_letter(
    page: Page, server: LiveServer, subject: str, to: str | None = None, *, button: str | None = None
) -> str:
    """Open the letter as a mail program does, click its button, by itself called as it is, and answer its link."""
    message = letter(server, subject, to)
    page.goto("about:blank")
    page.set_content(_part(message, "html"))
    page.get_by_role("link", name=button or subject).click()
    return link_of(message)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
