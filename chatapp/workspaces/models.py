"""Workspaces, their own roles, and memberships."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chatapp.auth.models import User
from chatapp.common.clock import now
from chatapp.common.db import Base, KeyMixin, TenantMixin, tenant_key, word_index
from chatapp.common.permissions import ROLES, role_allows
from chatapp.workspaces.rights import VISIBILITIES, Rights

CUSTOM = "custom"
"""What stands in `role` beside the key of a workspace's own one."""

PRESENCES = ("online", "away", "offline")
AVAILABILITIES = ("auto", "online", "away")
PRESENCE_LASTS = timedelta(seconds=45)

LONGEST_IDLE = 8_760
"""Hours: a conversation may be idle for a year at most before it is closed by itself."""

RESERVED = frozenset(
    {
        "account", "admin", "api", "app", "assets", "auth", "billing", "chatapp", "docs", "help", "hooks",
        "inbox", "invitations", "legal", "login", "logout", "new", "null", "operator", "privacy", "register",
        "root", "security", "settings", "signup", "static", "status", "support", "system", "terms",
        "undefined", "w", "widget", "workspaces", "www",
    }
)  # fmt: skip
"""Addresses that nobody gets: they would look like pages of the installation itself."""


class Workspace(KeyMixin, Base):
    """A company. Everything multi-tenant points here by `workspace_id`.

    `has_narrow_roles`: a role of its own shows its members less than every conversation. After `idle_close_hours`
    without a word from the visitor an answered conversation is closed, with `idle_close_message` as the last word.
    `shows_link_cards`: what is linked to in replies is looked up and shown.
    """

    __tablename__ = "workspace"
    __table_args__ = (
        Index("ix_workspace_created", "created_at", "id"),
        CheckConstraint(f"idle_close_hours BETWEEN 1 AND {LONGEST_IDLE}", name="idle_close_hours"),
        Index("ix_workspace_purge_at", "purge_at", postgresql_where="purge_at IS NOT NULL"),
        word_index("workspace", "name"),
        word_index("workspace", "slug"),
    )

    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    locale: Mapped[str] = mapped_column(default="en")
    has_narrow_roles: Mapped[bool] = mapped_column(default=False)
    suspended_at: Mapped[datetime | None]
    suspended_reason: Mapped[str | None]
    time_zone: Mapped[str] = mapped_column(default="UTC", server_default="UTC")
    idle_close_hours: Mapped[int | None]
    idle_close_message: Mapped[str | None]
    shows_link_cards: Mapped[bool] = mapped_column(default=True, server_default="true")
    two_factor_since: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    purge_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    logo: Mapped[bytes | None] = mapped_column(deferred=True, deferred_raiseload=True)
    logo_token: Mapped[str | None] = mapped_column(unique=True)

    @property
    def is_closed(self) -> bool:
        """Nobody gets in any more, and at `purge_at` it goes for good: see `closures`."""
        return self.closed_at is not None

    @property
    def logo_path(self) -> str | None:
        """Where its logo is, if it has one."""
        return f"/logos/{self.logo_token}" if self.logo_token else None

    @property
    def is_suspended(self) -> bool:
        """Whether operators have shut it: neither members nor visitors get in."""
        return self.suspended_at is not None


class OldAddress(TenantMixin, Base):
    """A slug that a workspace had before. It leads to the present one, and nobody else gets it."""

    __tablename__ = "old_address"
    __table_args__ = (Index("ix_old_address_workspace_id", "workspace_id"),)

    slug: Mapped[str] = mapped_column(primary_key=True)
    left_at: Mapped[datetime] = mapped_column(default=now)


class Role(KeyMixin, TenantMixin, Base):
    """A role that a workspace made for itself, of named permissions. The built-in ones never change and are no rows."""

    __tablename__ = "role"
    __table_args__ = (
        tenant_key(),
        CheckConstraint(f"visibility IN ({', '.join(repr(name) for name in VISIBILITIES)})", name="visibility"),
    )

    name: Mapped[str]
    permissions: Mapped[list[str]] = mapped_column(ARRAY(String))
    visibility: Mapped[str] = mapped_column(default="all")

    @property
    def rights(self) -> Rights:
        return Rights.of(self.permissions, self.visibility)


Index("uq_role_name", Role.workspace_id, func.lower(Role.name), unique=True)

AnyRole = Role | str
"""One of a workspace's own roles, or the name of a built-in one."""


def rights_of(role: AnyRole) -> Rights:
    """What a role lets its members do and see."""
    return role.rights if isinstance(role, Role) else Rights.of_built_in(role)


def name_of(role: AnyRole) -> str:
    """As logs and programs know it."""
    return role.name if isinstance(role, Role) else role


class Membership(TenantMixin, Base):
    """A user in a workspace, with one role: a built-in one, or one of the workspace's own.

    `seen_at` is when one of their sockets was last open, `active_at` when one of their tabs was last in use; both are
    written down every so often, and what is older than `PRESENCE_LASTS` says that nothing is there any more.
    `availability` is what they chose: to be away, to be online while a socket is open, or what their tabs tell.
    """

    __tablename__ = "membership"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "user_id"),
        ForeignKeyConstraint(["workspace_id", "role_id"], ["role.workspace_id", "role.id"]),
        CheckConstraint(f"role IN ({', '.join(repr(role) for role in (*ROLES, CUSTOM))})", name="role"),
        CheckConstraint("(role = 'custom') = (role_id IS NOT NULL)", name="own_role"),
        CheckConstraint("availability IN ('auto', 'online', 'away')", name="availability"),
        Index("ix_membership_user_id", "user_id"),
        Index("ix_membership_role", "workspace_id", "role_id", postgresql_where="role_id IS NOT NULL"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    role: Mapped[str]
    role_id: Mapped[UUID | None]
    availability: Mapped[str] = mapped_column(default="auto", server_default="auto")
    seen_at: Mapped[datetime | None]
    active_at: Mapped[datetime | None]
    setup_hidden_at: Mapped[datetime | None]
    inbox_order: Mapped[str | None]
    user: Mapped[User] = relationship(lazy="raise")
    workspace: Mapped[Workspace] = relationship(lazy="raise")
    own_role: Mapped[Role | None] = relationship(lazy="joined", primaryjoin="foreign(Membership.role_id) == Role.id")

    def may(self, permission: str) -> bool:
        """Whether this member may do it, now. Raises `KeyError` for a permission that nobody declared."""
        if self.own_role is None:
            return role_allows(self.role, permission)
        return permission in self.own_role.permissions

    @property
    def any_role(self) -> AnyRole:
        return self.own_role or self.role

    @property
    def rights(self) -> Rights:
        return rights_of(self.any_role)

    @property
    def sees_all(self) -> bool:
        """Whether their role shows them every conversation that it lets them read."""
        return self.rights.visibility == "all"

    def take(self, role: AnyRole) -> None:
        """Have another role from now on."""
        if isinstance(role, Role):
            self.role, self.own_role = CUSTOM, role
        else:
            self.role, self.own_role = role, None

    def presence(self, at: datetime) -> str:
        """One of `PRESENCES`. `queries.is_online` says the same in SQL."""
        if not _is_fresh(self.seen_at, at):
            return "offline"
        if self.availability == "auto":
            return "online" if _is_fresh(self.active_at, at) else "away"
        return self.availability


def _is_fresh(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and at - moment <= PRESENCE_LASTS
