"""People who sign in with an account at a provider: find or make their account here, connect, disconnect.

Accounts are joined only where both sides have seen that the mailbox is the person's: the provider says so, and here a
link was followed. Otherwise whoever registers somebody else's address first would own what they sign in to later.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from chatapp.auth import oidc, queries
from chatapp.auth.models import User, UserIdentity
from chatapp.common import postbox
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError, not_found
from chatapp.common.i18n import LOCALES


def user_of(person: oidc.Person, *, label: str) -> User:
    """Whose account it is, made or joined if need be. Raises `AppError` 403 without a proved address, 409 when the
    account here has none."""
    known = queries.identity(person.issuer, person.subject)
    if known is not None:
        known.email = person.email or known.email
        return known.user
    if not person.email:
        unproved = _("%(provider)s has not confirmed your mail address, so we cannot tell who you are.", provider=label)
        raise AppError(403, unproved)
    user = queries.user_by_email(person.email)
    if user is None:
        return _new_user(person)
    if user.email_verified_at is None:
        raise AppError(409, _unconfirmed(person, label))
    _add(user, person)
    _tell(user, person, label)
    return user


def connect(user: User, person: oidc.Person, *, label: str) -> None:
    """From now on this account signs in the user, too. Raises `AppError` 409 when it is somebody else's."""
    known = queries.identity(person.issuer, person.subject)
    if known is None:
        _add(user, person)
        _tell(user, person, label)
    elif known.user_id != user.id:
        raise AppError(409, _("This account at %(provider)s belongs to somebody else here.", provider=label))


def disconnect(user: User, identity_id: UUID) -> None:
    """Raises `AppError` 404 for anybody else's, 409 when nothing would be left to log in with.

    The user's row is held meanwhile, so that two windows cannot take the last two ways in at once.
    """
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    identities = queries.identities_of(user.id)
    found = next((identity for identity in identities if identity.id == identity_id), None)
    if found is None:
        raise not_found()
    others = [one for one in identities if one is not found and oidc.provider_of(one.issuer)]
    if user.password_hash is None and not others:
        raise AppError(409, _("This is your only way in. Choose a password first."))
    db.session.delete(found)
    db.session.flush()


def _new_user(person: oidc.Person) -> User:
    """An account without a password, its address confirmed by the provider."""
    locale = person.locale if person.locale in LOCALES else None
    user = User(email=person.email, email_verified_at=now(), password_hash=None, name=person.name, locale=locale)
    _insert(user)
    _add(user, person)
    return user


def _add(user: User, person: oidc.Person) -> None:
    _insert(UserIdentity(user_id=user.id, issuer=person.issuer, subject=person.subject, email=person.email))


def _insert(row: User | UserIdentity) -> None:
    """Two windows may come back at the same moment."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise AppError(409, _("Another window was faster. Log in once more.")) from None


def _tell(user: User, person: oidc.Person, label: str) -> None:
    """Write to the owner, who may not have been the one."""
    postbox.post(
        "provider_connected", to=user.email, locale=user.locale, name=user.name, provider=label, account=person.email
    )


def _unconfirmed(person: oidc.Person, label: str) -> str:
    return _(
        "%(email)s already has an account here, but nobody has confirmed that address yet. Log in with its password "
        "and connect %(provider)s in your account, under Security; or choose a new password by mail first.",
        email=person.email,
        provider=label,
    )
