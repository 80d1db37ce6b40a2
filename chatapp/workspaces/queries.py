"""Reads about workspaces and their members."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from chatapp.auth.models import Authenticator, UserSession
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.common.permissions import ROLES
from chatapp.common.tenancy import across_tenants
from chatapp.workspaces.models import PRESENCE_LASTS, AnyRole, Membership, OldAddress, Role, Workspace

_ADDRESSES = 0x61646472  # "addr": the advisory lock of whoever takes one


def memberships_of(user_id: UUID) -> Sequence[Membership]:
    """The user's memberships with their workspaces, by name."""
    with across_tenants(reason="a user's own list of workspaces"):
        return db.session.scalars(
            select(Membership)
            .join(Membership.workspace)
            .where(Membership.user_id == user_id)
            .options(joinedload(Membership.workspace, innerjoin=True))
            .order_by(Workspace.name, Workspace.id)
        ).all()


def membership_at(slug: str, user_id: UUID) -> Membership | None:
    """The user's membership of the workspace at this address: finding it is what authorises them."""
    with across_tenants(reason="resolve a workspace through its members"):
        return db.session.scalar(
            select(Membership)
            .join(Membership.workspace)
            .where(Workspace.slug == slug, Membership.user_id == user_id)
            .options(joinedload(Membership.workspace, innerjoin=True), joinedload(Membership.user, innerjoin=True))
        )


def membership_at_old(slug: str, user_id: UUID) -> Membership | None:
    """The user's membership of the workspace that was at this address before it moved."""
    with across_tenants(reason="resolve a workspace through its members"):
        return db.session.scalar(
            select(Membership)
            .join(Membership.workspace)
            .join(OldAddress, OldAddress.workspace_id == Membership.workspace_id)
            .where(OldAddress.slug == slug, Membership.user_id == user_id)
            .options(joinedload(Membership.workspace, innerjoin=True), joinedload(Membership.user, innerjoin=True))
        )


def lock_addresses() -> None:
    """Whoever gives a workspace an address does so alone, until the end of the transaction."""
    db.session.scalar(select(func.pg_advisory_xact_lock(_ADDRESSES)))


def is_taken(slug: str, *, by_other_than: UUID | None = None) -> bool:
    """Whether another workspace is at this address, or was."""
    with across_tenants(reason="an address belongs to one workspace of the installation"):
        found = [
            db.session.scalar(select(Workspace.id).where(Workspace.slug == slug)),
            db.session.scalar(select(OldAddress.workspace_id).where(OldAddress.slug == slug)),
        ]
    return any(workspace_id not in (None, by_other_than) for workspace_id in found)


def old_addresses(*, slug: str | None = None) -> Sequence[OldAddress]:
    """Where the current workspace was before, the latest first; or whether it was at this one."""
    statement = select(OldAddress).order_by(OldAddress.left_at.desc(), OldAddress.slug)
    return db.session.scalars(statement.where(OldAddress.slug == slug) if slug else statement).all()


def logo(token: str) -> bytes | None:
    """The logo at this address."""
    return db.session.scalar(select(Workspace.logo).where(Workspace.logo_token == token))


def shows_link_cards(workspace_id: UUID) -> bool:
    """Whether it wants them, and anybody works there."""
    is_open = (Workspace.closed_at.is_(None), Workspace.suspended_at.is_(None))
    wants = select(Workspace.shows_link_cards).where(Workspace.id == workspace_id, *is_open)
    return bool(db.session.scalar(wants))


def exists(workspace_id: UUID) -> bool:
    return db.session.scalar(select(Workspace.id).where(Workspace.id == workspace_id)) is not None


def members() -> Sequence[Membership]:
    """Everybody in the current workspace, with their user."""
    return db.session.scalars(select(Membership).options(joinedload(Membership.user, innerjoin=True))).all()


def team() -> Sequence[Membership]:
    """Everybody in the current workspace with their user, by name."""
    return sorted(members(), key=lambda member: (member.user.name.casefold(), member.user_id))


def owners() -> Sequence[Membership]:
    """The owners of the current workspace, with their user."""
    return db.session.scalars(
        select(Membership).where(Membership.role == "owner").options(joinedload(Membership.user, innerjoin=True))
    ).all()


def owner_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Membership).where(Membership.role == "owner")) or 0


def lock_workspace(workspace_id: UUID) -> Workspace:
    """The workspace, fresh and locked until the end of the transaction: changes of its team come one after another.

    The lock leaves rows that point at the workspace alone, so that messages go on arriving meanwhile.
    """
    return db.session.scalars(
        select(Workspace)
        .where(Workspace.id == workspace_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def last_seen() -> dict[UUID, datetime]:
    """When each member of the current workspace was last here."""
    rows = db.session.execute(
        select(Membership.user_id, func.max(UserSession.last_seen_at))
        .join(UserSession, UserSession.user_id == Membership.user_id)
        .where(UserSession.impersonator_id.is_(None))
        .group_by(Membership.user_id)
    )
    return {row[0]: row[1] for row in rows}


def member(user_id: UUID) -> Membership:
    """A member of the current workspace, with their user. Raises `AppError` 404."""
    found = db.session.scalar(
        select(Membership)
        .where(Membership.user_id == user_id)
        .options(joinedload(Membership.user, innerjoin=True))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise not_found()
    return found


def roles() -> Sequence[Role]:
    """The roles that the current workspace made for itself, by name."""
    return sorted(db.session.scalars(select(Role)), key=lambda role: (role.name.casefold(), role.id))


def role(role_id: UUID) -> Role:
    """One of the current workspace's own roles, fresh. Raises `AppError` 404."""
    found = db.session.scalar(select(Role).where(Role.id == role_id).execution_options(populate_existing=True))
    if found is None:
        raise not_found()
    return found


def any_role(name: str) -> AnyRole | None:
    """A built-in role by its name, one of the workspace's own by its id; None for neither. Raises `AppError` 404."""
    if name in ROLES:
        return name
    try:
        return role(UUID(name))
    except ValueError:
        return None


def members_with(role: Role) -> Sequence[Membership]:
    """Everybody who has this role, with their user."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.role_id == role.id)
        .options(joinedload(Membership.user, innerjoin=True))
        .order_by(Membership.user_id)
    ).all()


def role_counts() -> dict[str, int]:
    """How many members each role has, own ones by their id; those without any are left out."""
    key = func.coalesce(cast(Membership.role_id, String), Membership.role)
    rows = db.session.execute(select(key, func.count()).group_by(key))
    return {row[0]: row[1] for row in rows}


def existing_memberships(pairs: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Which of these (workspace, user) pairs are members of a workspace that is open."""
    key = tuple_(Membership.workspace_id, Membership.user_id)
    rows = db.session.execute(
        select(Membership.workspace_id, Membership.user_id)
        .join(Membership.workspace)
        .where(key.in_(pairs), Workspace.suspended_at.is_(None))
    )
    return {(row[0], row[1]) for row in rows}


def memberships_that_open(pairs: Collection[tuple[UUID, UUID]]) -> Sequence[Membership]:
    """Those of these (workspace, user) pairs that may keep a socket open: see `gates`. Needs `across_tenants`."""
    app = and_(Authenticator.user_id == Membership.user_id, Authenticator.confirmed_at.is_not(None))
    return db.session.scalars(
        select(Membership)
        .join(Membership.workspace)
        .outerjoin(Authenticator, app)
        .where(
            tuple_(Membership.workspace_id, Membership.user_id).in_(pairs),
            Workspace.suspended_at.is_(None),
            Workspace.closed_at.is_(None),
            or_(Workspace.two_factor_since.is_(None), Authenticator.user_id.is_not(None)),
        )
    ).all()


def members_without_two_factor() -> Sequence[Membership]:
    """With their user, by name."""
    app = and_(Authenticator.user_id == Membership.user_id, Authenticator.confirmed_at.is_not(None))
    rows = db.session.scalars(
        select(Membership)
        .outerjoin(Authenticator, app)
        .where(Authenticator.user_id.is_(None))
        .options(joinedload(Membership.user, innerjoin=True))
    )
    return sorted(rows, key=lambda member: (member.user.name.casefold(), member.user_id))


def is_anybody_around(who_may: str) -> bool:
    """Whether a member with this permission is online now: what the widget calls “online” of those who may answer."""
    return any(member.may(who_may) for member in db.session.scalars(select(Membership).where(is_online(now()))))


def is_online(moment: datetime) -> ColumnElement[bool]:
    """The condition under which `Membership.presence` says “online”."""
    fresh = moment - PRESENCE_LASTS
    by_itself = and_(Membership.availability == "auto", Membership.active_at >= fresh)
    return and_(Membership.seen_at >= fresh, or_(Membership.availability == "online", by_itself))


def presences(workspace_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """Everybody who is not offline, by workspace. Needs `across_tenants` for other workspaces than the current one."""
    moment = now()
    here = select(Membership).where(
        Membership.workspace_id.in_(workspace_ids), Membership.seen_at >= moment - PRESENCE_LASTS
    )
    found: dict[UUID, dict[str, str]] = {workspace_id: {} for workspace_id in workspace_ids}
    for member in db.session.scalars(here):
        found[member.workspace_id][str(member.user_id)] = member.presence(moment)
    return found
