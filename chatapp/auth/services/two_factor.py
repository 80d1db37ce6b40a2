"""The second step of a log-in: a code from an authenticator app (RFC 6238), or a recovery code. Each is good once."""

from __future__ import annotations

import hmac
import secrets
from typing import Literal

import pyotp
from flask_babel import gettext as _
from sqlalchemy import delete

from chatapp.auth import queries
from chatapp.auth.models import Authenticator, RecoveryCode, User
from chatapp.auth.services import history, lockout
from chatapp.auth.tokens import hash_token
from chatapp.common import postbox
from chatapp.common.clock import now
from chatapp.common.crypto import seal, unseal
from chatapp.common.db import db
from chatapp.common.errors import AppError

RECOVERY_CODES = 10
_STEP_SECONDS = 30
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what looks alike
_GROUPS, _GROUP = 3, 5  # some 74 random bits: one round of SHA-256 is enough


def begin(user: User) -> None:
    """A fresh secret, of no effect until a code proves that the app has it. Raises `AppError` 409 when it is on."""
    found = queries.authenticator(user.id)
    if found is None:
        found = Authenticator(user_id=user.id, last_step=0)
        db.session.add(found)
    elif found.confirmed_at is not None:
        raise AppError(409, _("Two-factor is on already."))
    found.secret = seal(pyotp.random_base32())
    db.session.flush()


def secret_of(authenticator: Authenticator) -> str:
    """In Base32, as apps take it."""
    return unseal(authenticator.secret)


def address_of(authenticator: Authenticator, user: User, *, issuer: str) -> str:
    """The otpauth:// address that the QR code holds."""
    return pyotp.TOTP(secret_of(authenticator)).provisioning_uri(name=user.email, issuer_name=issuer)


def confirm(user: User, code: str) -> list[str] | None:
    """Turn it on, and return the recovery codes, which nobody can show again; None when the code is wrong."""
    found = queries.authenticator(user.id)
    if found is None or found.confirmed_at is not None or not _is_next(found, code):
        return None
    found.confirmed_at = now()
    postbox.post("two_factor_on", to=user.email, locale=user.locale, name=user.name)
    return _new_recovery_codes(user)


def is_on(user: User) -> bool:
    found = queries.authenticator(user.id)
    return found is not None and found.confirmed_at is not None


def accepts(user: User, code: str) -> Literal["code", "recovery"] | None:
    """Use a code up, and say which kind it was: the app's, or a recovery code; None for a wrong one. Raises `AppError`
    429 for a while after too many wrong ones, which are recorded in a transaction of their own, which ends the
    caller's."""
    door = lockout.door("code", str(user.id))
    lockout.refuse_if_shut(door)
    found = queries.authenticator(user.id)
    kind = _kind_of(code, user, found) if found and found.confirmed_at else None
    if kind is None:
        lockout.note_failure(door)
        history.note_refusal(user.email, "code")
        return None
    lockout.note_success(door)
    return kind


def _kind_of(code: str, user: User, authenticator: Authenticator) -> Literal["code", "recovery"] | None:
    if _is_next(authenticator, code):
        return "code"
    return "recovery" if _is_recovery_code(user, code) else None


def renew_recovery_codes(user: User) -> list[str]:
    """New ones; the old are over. Raises `AppError` 409 when two-factor is off."""
    if not is_on(user):
        raise AppError(409, _("Two-factor is off."))
    return _new_recovery_codes(user)


def end(user: User) -> None:
    """Turn it off."""
    if is_on(user):
        postbox.post("two_factor_off", to=user.email, locale=user.locale, name=user.name)
    db.session.execute(delete(Authenticator).where(Authenticator.user_id == user.id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _is_next(authenticator: Authenticator, code: str) -> bool:
    """Whether it is the code of this half minute or of a neighbour, and later than the one used last: a code that was
    looked over somebody's shoulder is worth nothing."""
    digits, totp = "".join(code.split()), pyotp.TOTP(secret_of(authenticator))
    today = int(now().timestamp()) // _STEP_SECONDS
    for step in (today - 1, today, today + 1):
        is_right = hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode())
        if is_right and step > authenticator.last_step:
            authenticator.last_step = step
            return True
    return False


def _is_recovery_code(user: User, code: str) -> bool:
    plain = "".join(character for character in code.lower() if character.isalnum())
    mine = delete(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == hash_token(plain))
    return db.session.scalars(mine.returning(RecoveryCode.id)).first() is not None


def _new_recovery_codes(user: User) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_random_code() for _number in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=hash_token(code.replace("-", ""))) for code in codes)
    db.session.flush()
    return codes


def _random_code() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _place in range(_GROUP)) for _number in range(_GROUPS))
