"""The other job: send the letters that wait, each in a unit of work of its own."""

from __future__ import annotations

from uuid import UUID

import structlog
from flask import current_app

from chatapp.common import mail, postbox, queue
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work
from chatapp.config import Config

log = structlog.get_logger()

_BATCH = 5
_ROUNDS = 20


def send_due() -> None:
    """Send until nothing is due. A server that does not answer is asked again later, letter by letter."""
    queue.answer_mail()
    for _round in range(_ROUNDS):
        with unit_of_work():
            batch = postbox.lease_due(_BATCH)
        if not batch:
            return
        for mail_id in batch:
            send(mail_id)
    queue.ring_mail()


def send(mail_id: UUID) -> None:
    """Hand over one letter; `smtplib` raises nothing but kinds of `OSError`.

    Handing over and the mark are not one step: after a crash between, it goes out twice, with the same Message-ID.
    """
    try:
        with unit_of_work():
            _send(mail_id)
    except mail.MailRefusedError as error:
        _record_failure(mail_id, error, is_final=True)
    except OSError as error:
        _record_failure(mail_id, error)
    except Exception as error:
        log.exception("mail.broken", mail=str(mail_id))
        _record_failure(mail_id, error)


def _send(mail_id: UUID) -> None:
    posted = postbox.held(mail_id)
    if posted is None:
        return
    letter = postbox.write(posted)
    config: Config = current_app.extensions["chatapp.config"]
    if letter is None:
        posted.close("dropped")
    elif config.smtp_url is None:
        posted.close("kept", letter=letter)
    else:
        made = mail.message(letter, sender=config.mail_from, message_id=f"<{posted.id}@{config.public_host}>")
        db.session.flush()
        mail.deliver(made, mail.Server.from_url(config.smtp_url))
        posted.close("sent")


def _record_failure(mail_id: UUID, error: Exception, *, is_final: bool = False) -> None:
    log.warning("mail.failed", mail=str(mail_id), error=type(error).__name__, is_final=is_final)
    with unit_of_work():
        posted = postbox.held(mail_id)
        if posted is not None:
            posted.fail(f"{type(error).__name__}: {error}", is_final=is_final)
