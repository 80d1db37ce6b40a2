"""Log-ins on an account, the refused ones too: for its owner to look at, and for a letter about a browser that is new.

A refusal is written by a statement that looks the account up itself, so that the same is done whether or not there is
one (docs/decisions/0012).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from flask import has_request_context, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, insert, literal, select

from chatapp.auth import queries
from chatapp.auth.devices import device_of
from chatapp.auth.models import LogIn, User
from chatapp.auth.tokens import hash_token
from chatapp.common import limits, postbox
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.i18n import speaking
from chatapp.common.ids import uuid7
from chatapp.common.unit_of_work import unit_of_work

Way = Literal["password", "code", "recovery", "letter", "provider", "token"]

WAYS = {
    "password": _l("Password"),
    "code": _l("Code of the app"),
    "recovery": _l("Recovery code"),
    "letter": _l("Link of a letter"),
    "provider": _l("Another provider"),
    "token": _l("Program, with the password"),
}
LIFE = timedelta(days=90)
_NEW_ACCOUNT = timedelta(days=1)


def note(user: User, way: Way, *, browser: str | None = None) -> None:
    """They are in. `browser` is what the browser itself shows to be known again; its first time is told by letter."""
    facts, shown = _circumstances(), hash_token(browser) if browser else None
    if shown and _is_news(user, browser=shown, **facts):
        _tell(user, **facts)
    db.session.add(LogIn(user_id=user.id, way=way, is_refused=False, browser_hash=shown, **facts))
    db.session.flush()


def note_refusal(email: str, way: Way) -> None:
    """Somebody is not in. In a transaction of its own, for the request is refused and its own is rolled back."""
    values = {"id": uuid7(), "created_at": now(), "way": way, "is_refused": True, **_circumstances()}
    columns = [literal(value) for value in values.values()]
    account = select(User.id, *columns).where(func.lower(User.email) == email.strip().lower())
    with unit_of_work():
        db.session.execute(insert(LogIn).from_select(["user_id", *values], account))


def _is_news(user: User, *, browser: str, ip: str, device: str) -> bool:
    """Whether neither the browser was here before nor its like at this address. The first log-in is no news while the
    account is new."""
    if queries.has_been_here(user.id, browser_hash=browser, ip=ip, device=device):
        return False
    return queries.has_logged_in(user.id) or now() - user.created_at > _NEW_ACCOUNT


def _tell(user: User, *, ip: str, device: str) -> None:
    if not user.sign_in_letters:
        return
    with speaking(user.locale or "en"):
        device = device or _("an unknown browser")
    link = postbox.link("auth.forgotten_password")
    postbox.post("new_browser", to=user.email, locale=user.locale, name=user.name, device=device, ip=ip, link=link)


def _circumstances() -> dict[str, str]:
    """Of this request; a command has none."""
    if not has_request_context():
        return {"ip": "", "device": ""}
    return {"ip": limits.caller(), "device": device_of(request.headers.get("User-Agent", ""))}
