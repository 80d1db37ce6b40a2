"""Reads about every account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from chatapp.auth.models import Authenticator, FailedLogIn, User, UserSession
from chatapp.auth.services import lockout
from chatapp.backoffice.queries.counts import bounded
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.pagination import Cursor, Page, cut
from chatapp.common.tenancy import across_tenants
from chatapp.workspaces.models import Membership, Workspace

PAGE_SIZE = 30


@dataclass(frozen=True)
class Line:
    """An account in the list, and on its page. `shut_until` is set while its door is shut after wrong tries."""

    user: User
    has_two_factor: bool
    last_seen_at: datetime | None
    workspaces: int
    shut_until: datetime | None


def page(search: str, *, cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[Line]:
    """Newest first; the search looks at names and mail addresses."""
    statement = select(User).order_by(User.created_at.desc(), User.id.desc()).limit(limit + 1)
    if search:
        statement = statement.where(
            or_(User.name.icontains(search, autoescape=True), User.email.icontains(search, autoescape=True))
        )
    if cursor:
        place = Cursor.decode(cursor)
        statement = statement.where(tuple_(User.created_at, User.id) < tuple_(place.moment, place.id))
    found = cut(db.session.scalars(statement).all(), limit, lambda row: Cursor(row.created_at, row.id))
    return Page(_lines(found.rows), found.next_cursor)


def user(user_id: UUID) -> User:
    """Raises `AppError` 404."""
    found = db.session.get(User, user_id)
    if found is None:
        raise not_found()
    return found


def line(user: User) -> Line:
    return _lines([user])[0]


def memberships(user: User) -> Sequence[Membership]:
    """With their workspaces, by name."""
    with across_tenants(reason="the operator's page of a user"):
        return db.session.scalars(
            select(Membership)
            .join(Membership.workspace)
            .where(Membership.user_id == user.id)
            .options(joinedload(Membership.workspace, innerjoin=True))
            .order_by(Workspace.name, Workspace.id)
        ).all()


def operators() -> Sequence[User]:
    """Everybody who runs the installation, by mail address."""
    return db.session.scalars(select(User).where(User.operator_since.is_not(None)).order_by(User.email)).all()


def has_two_factor(user: User) -> bool:
    """Without taking the lock that a log-in takes."""
    statement = select(Authenticator.user_id).where(
        Authenticator.user_id == user.id, Authenticator.confirmed_at.is_not(None)
    )
    return db.session.scalar(statement) is not None


def doors(user: User) -> list[str]:
    """The names of the doors that shut after wrong passwords and wrong codes."""
    return [lockout.door("password", user.email), lockout.door("code", str(user.id))]


def _lines(users: Sequence[User]) -> list[Line]:
    shut = _shut(users)
    keys = [user.id for user in users]
    two_factor = (
        select(Authenticator.user_id)
        .where(Authenticator.user_id == User.id, Authenticator.confirmed_at.is_not(None))
        .exists()
    )
    own_visits = (UserSession.user_id == User.id) & UserSession.impersonator_id.is_(None)
    seen = select(func.max(UserSession.last_seen_at)).where(own_visits).scalar_subquery()
    joined = bounded(select(Membership.user_id).where(Membership.user_id == User.id), of=User)
    with across_tenants(reason="the operator's list of users"):
        rows = db.session.execute(select(User.id, two_factor, seen, joined).where(User.id.in_(keys))).all()
    facts = {row[0]: row[1:] for row in rows}
    return [
        Line(user, *facts[user.id], max((shut[door] for door in doors(user) if door in shut), default=None))
        for user in users
    ]


def _shut(users: Sequence[User]) -> dict[str, datetime]:
    """Until when each door of these accounts is shut, where it is."""
    names = [door for user in users for door in doors(user)]
    rows = db.session.execute(
        select(FailedLogIn.door, FailedLogIn.shut_until).where(
            FailedLogIn.door.in_(names), FailedLogIn.shut_until > now()
        )
    )
    return {door: until for door, until in rows if until}
