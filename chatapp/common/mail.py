"""The way out for mail: one message, handed to the operator's server of SMTP_URL.

`smtps://` is encrypted from the first byte; `smtp://` becomes so by STARTTLS where the server offers it. A password is
never sent in the clear, except to this machine.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from chatapp.common.clock import now

TIMEOUT_SECONDS = 10
_PORTS = {"smtp": 587, "smtps": 465}
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_PERMANENT = range(500, 600)


class MailRefusedError(Exception):
    """The server will never take this message: there is no use in trying again."""


@dataclass(frozen=True)
class Letter:
    """A message for one person, as text and as HTML. `stop_link`: where one more click ends such letters (RFC 8058)."""

    to: str
    subject: str
    text: str
    html: str
    stop_link: str = ""


@dataclass(frozen=True)
class Server:
    """What SMTP_URL says."""

    host: str
    port: int
    is_encrypted: bool
    user: str | None
    password: str | None

    @classmethod
    def from_url(cls, url: str) -> Server:
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or _PORTS[parts.scheme],
            is_encrypted=parts.scheme == "smtps",
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


def message(letter: Letter, *, sender: str, message_id: str) -> EmailMessage:
    """The letter as it travels. The same `message_id` again lets a mailbox see that it has it already."""
    made = EmailMessage(policy=SMTP)
    name, address = parseaddr(sender)
    made["From"] = Address(name, addr_spec=address)
    made["To"] = Address(addr_spec=letter.to)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(now())
    made["Message-ID"] = message_id
    made["Auto-Submitted"] = "auto-generated"
    if letter.stop_link:
        made["List-Unsubscribe"] = f"<{letter.stop_link}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    return made


def deliver(made: EmailMessage, server: Server) -> None:
    """Hand it over. Raises `MailRefusedError` when that is final; `SMTPException` or `OSError` when it may pass."""
    with _connected(server) as line:
        if server.user is not None:
            line.login(server.user, server.password or "")
        try:
            line.send_message(made)
        except smtplib.SMTPRecipientsRefused as refused:
            code, reason = next(iter(refused.recipients.values()))
            if code in _PERMANENT:
                raise MailRefusedError(f"{code} {reason.decode(errors='replace')}") from refused
            raise


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.is_encrypted:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
    line = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        line.ehlo()
        if line.has_extn("starttls"):
            line.starttls(context=context)
        elif server.user is not None and server.host not in _THIS_MACHINE:
            raise smtplib.SMTPNotSupportedError("The mail server offers no STARTTLS; the password stays here.")
    except BaseException:
        line.close()
        raise
    return line
