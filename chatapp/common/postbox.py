"""Mail on its way out, as rows. Whoever posts does so in their own transaction; the worker sends, and tries again.

Account mail belongs to no workspace, so this is a table of its own beside the outbox: see docs/decisions/0011. What a
letter says may open an account (a link to a new password), so it is kept sealed, and forgotten once it was sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, current_app
from flask_babel import get_locale
from sqlalchemy import CheckConstraint, ColumnElement, Index, Select, select, update
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.common.clock import now
from chatapp.common.crypto import seal, unseal
from chatapp.common.db import Base, KeyMixin, db
from chatapp.common.i18n import LOCALES, speaking
from chatapp.common.mail import Letter

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 8
KEPT_DEAD = timedelta(days=7)
_FIRST_PAUSE = timedelta(seconds=15)
_MAX_ERROR = 500
_EXTENSION = "chatapp.preparers"

Facts = dict[str, str]


@dataclass(frozen=True)
class Addressed:
    """Who a letter goes to, in which language, and what it tells."""

    to: str
    locale: str | None
    facts: Facts
    kind: str | None = None
    """Another kind of letter than was posted: what is to be told depends on what was found."""


Preparer = Callable[[str, Facts], Addressed | None]
"""From the address and the facts that were posted to the letter, in the worker; None when there is nobody to write
to."""


class OutgoingMail(KeyMixin, Base):
    """One letter. `kept` is for development without a mail server: /dev/mail shows it."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'sent', 'kept', 'dropped', 'dead')", name="state"),
        Index("ix_outgoing_mail_due", "available_at", postgresql_where="state = 'pending'"),
        Index("ix_outgoing_mail_dead", "created_at", "id", postgresql_where="state = 'dead'"),
    )

    kind: Mapped[str]
    recipient: Mapped[str]
    locale: Mapped[str]
    facts: Mapped[str | None]
    letter: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    available_at: Mapped[datetime] = mapped_column(default=now)
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str | None]

    def close(self, state: str, *, letter: Letter | None = None) -> None:
        """It was sent, kept or dropped: what it said is no longer needed, unless it is kept."""
        self.state, self.facts, self.leased_until, self.last_error = state, None, None, None
        self.letter = seal(json.dumps(vars(letter))) if letter else None

    def fail(self, error: str, *, is_final: bool = False) -> None:
        """Try again, each time after twice the pause; give up after `MAX_ATTEMPTS`, about an hour.

        A letter that was refused for good is forgotten. One whose mail server was away can be tried again by an
        operator, for `KEPT_DEAD`.
        """
        self.last_error, self.leased_until = error[:_MAX_ERROR], None
        if is_final:
            self.state, self.facts = "dead", None
        elif self.attempts >= MAX_ATTEMPTS:
            self.state = "dead"
        else:
            self.available_at = now() + _FIRST_PAUSE * 2**self.attempts


def init_app(app: Flask, preparers: Mapping[str, Preparer]) -> None:
    """Install the table of letters whose facts are looked up when they are sent."""
    app.extensions[_EXTENSION] = dict(preparers)
    app.jinja_env.globals.update(mail_is_open=is_open, mail_is_kept=is_kept)


def is_open() -> bool:
    """Whether mail arrives anywhere: at the operator's server or, outside of production, at /dev/mail."""
    config = current_app.extensions["chatapp.config"]
    return config.smtp_url is not None or not config.is_production


def is_kept() -> bool:
    """Whether letters stay here, at /dev/mail: there is no server outside of production."""
    return is_open() and current_app.extensions["chatapp.config"].smtp_url is None


def post(kind: str, *, to: str, locale: str | None = None, **facts: str) -> None:
    """Write a letter of this kind (`templates/emails/<kind>.txt` and `.html`) in the current transaction."""
    if not is_open():
        return
    locale = locale if locale in LOCALES else str(get_locale() or "en")
    db.session.add(OutgoingMail(kind=kind, recipient=to, locale=locale, facts=seal(json.dumps(facts))))
    db.session.flush()


def link(endpoint: str, **values: str) -> str:
    """The complete address of a page, for a letter."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.extensions['chatapp.config'].public_url}{path}"


def write(mail: OutgoingMail) -> Letter | None:
    """The letter itself, in its reader's language; None when there is nobody to write to."""
    found = _addressed(mail)
    if found is None:
        return None
    facts, kind = found.facts, found.kind or mail.kind
    with speaking(found.locale or mail.locale):
        text = current_app.jinja_env.get_template(f"emails/{kind}.txt")
        html = current_app.jinja_env.get_template(f"emails/{kind}.html")
        subject = "".join(text.blocks["subject"](text.new_context(facts))).strip()
        rendered = text.render(facts), html.render(facts | {"subject": subject})
        return Letter(found.to, subject, *rendered, stop_link=facts.get("stop_link", ""))


def _addressed(mail: OutgoingMail) -> Addressed | None:
    preparers: dict[str, Preparer] = current_app.extensions[_EXTENSION]
    facts: Facts = json.loads(unseal(mail.facts or ""))
    if mail.kind in preparers:
        return preparers[mail.kind](mail.recipient, facts)
    return Addressed(mail.recipient, mail.locale, facts)


def has_due() -> bool:
    """Whether a letter waits that nobody holds."""
    return db.session.scalar(_due(now()).limit(1)) is not None


def lease_due(limit: int) -> list[UUID]:
    """Take hold of the oldest letters that wait and that nobody else holds."""
    moment = now()
    due = db.session.scalars(_due(moment).limit(limit).with_for_update(skip_locked=True)).all()
    for mail in due:
        mail.leased_until = moment + LEASE
        mail.attempts += 1
    return [mail.id for mail in due]


def held(mail_id: UUID) -> OutgoingMail | None:
    """The letter, locked while it is sent; None if it is gone or another worker sends it."""
    return db.session.scalar(
        select(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.state == "pending")
        .with_for_update(skip_locked=True)
    )


def forget_the_dead() -> None:
    """What letters said that nobody had tried again: by now their links are over."""
    db.session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.state == "dead", OutgoingMail.created_at < now() - KEPT_DEAD, OutgoingMail.facts.is_not(None)
        )
        .values(facts=None)
    )


def can_be_retried() -> ColumnElement[bool]:
    """Whether a dead letter still knows what to say, or would look it up."""
    preparers: dict[str, Preparer] = current_app.extensions[_EXTENSION]
    return OutgoingMail.facts.is_not(None) | OutgoingMail.kind.in_(preparers)


def kept(limit: int) -> list[tuple[OutgoingMail, Letter]]:
    """The newest letters that stayed here, for /dev/mail."""
    newest = select(OutgoingMail).where(OutgoingMail.state == "kept").order_by(OutgoingMail.id.desc()).limit(limit)
    return [(mail, _unsealed(mail)) for mail in db.session.scalars(newest)]


def kept_letter(mail_id: UUID) -> Letter | None:
    mail = db.session.scalar(select(OutgoingMail).where(OutgoingMail.id == mail_id, OutgoingMail.state == "kept"))
    return _unsealed(mail) if mail else None


def _unsealed(mail: OutgoingMail) -> Letter:
    return Letter(**json.loads(unseal(mail.letter or "")))


def _due(moment: datetime) -> Select[OutgoingMail]:
    unleased = (OutgoingMail.leased_until.is_(None)) | (OutgoingMail.leased_until < moment)
    return (
        select(OutgoingMail)
        .where(OutgoingMail.state == "pending", OutgoingMail.available_at <= moment, unleased)
        .order_by(OutgoingMail.id)
    )
