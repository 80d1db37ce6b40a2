"""Doors that shut for a while after wrong passwords or codes in a row, from wherever they came.

A door is named by what was typed, so that it shuts alike for accounts that exist and for those that do not. It never
stays shut: five tries are free, then it is a minute, and at most fifteen.
"""

from __future__ import annotations

import math
from datetime import timedelta

from flask_babel import ngettext
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from chatapp.auth import queries
from chatapp.auth.models import FailedLogIn
from chatapp.auth.tokens import hash_token
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.unit_of_work import unit_of_work

FREE_TRIES = 5
_MINUTES = (1, 2, 4, 8, 15)
FORGOTTEN_AFTER = timedelta(days=1)


def door(kind: str, who: str) -> str:
    """The name of a door: `password` of an address, `code` of a user, `registration` of one that waits."""
    return hash_token(f"{kind}:{who.strip().lower()}")


def refuse_if_shut(door: str) -> None:
    """Raises `AppError` 429, with the time to wait."""
    found, moment = queries.failed_log_in(door), now()
    if found is None or found.shut_until is None or found.shut_until <= moment:
        return
    seconds = math.ceil((found.shut_until - moment).total_seconds())
    minutes = math.ceil(seconds / 60)
    sentence = ngettext(
        "Too many wrong tries. Wait %(num)s minute and try again.",
        "Too many wrong tries. Wait %(num)s minutes and try again.",
        minutes,
    )
    raise AppError(429, sentence, retry_after=seconds)


def note_failure(door: str) -> None:
    """In a transaction of its own, for the request is refused and its own is rolled back."""
    try:
        with unit_of_work():
            _count(door)
    except IntegrityError:  # another try was the first at the same moment
        with unit_of_work():
            _count(door)


def note_success(door: str) -> None:
    db.session.execute(delete(FailedLogIn).where(FailedLogIn.door == door))


def _count(door: str) -> None:
    found, moment = queries.failed_log_in(door), now()
    if found is None:
        found = FailedLogIn(door=door, failures=0)
        db.session.add(found)
    elif moment - found.last_at > FORGOTTEN_AFTER:
        found.failures = 0
    found.failures, found.last_at = found.failures + 1, moment
    beyond = found.failures - FREE_TRIES
    if beyond >= 0:
        found.shut_until = moment + timedelta(minutes=_MINUTES[min(beyond, len(_MINUTES) - 1)])
