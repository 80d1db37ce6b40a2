"""Create workspaces, let people in, change what they may, and let them go."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.auth.models import User
from chatapp.common import audit, tenancy
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.workspaces import permissions, queries
from chatapp.workspaces.events import MemberRemoved
from chatapp.workspaces.models import Membership, Workspace


def create(*, name: str, slug: str, locale: str, owner: User) -> Workspace:
    """Make a workspace whose first member owns it, and enter it. Raises `AppError` 422 when the address is taken."""
    workspace = Workspace(name=name, slug=slug, locale=locale)
    try:
        with db.session.begin_nested():
            db.session.add(workspace)
    except IntegrityError:
        taken = _("This address is taken. Choose another.")
        raise AppError(422, taken, fields={"slug": taken}) from None
    tenancy.enter(workspace.id)
    add_member(workspace, user=owner, role="owner")
    audit.record("workspace.created", by=owner, target_id=workspace.id, target_name=name)
    return workspace


def add_member(workspace: Workspace, *, user: User, role: str) -> Membership:
    membership = Membership(workspace_id=workspace.id, user_id=user.id, role=role)
    db.session.add(membership)
    db.session.flush()
    return membership


def change_role(user_id: UUID, *, role: str, by: Membership) -> None:
    """Raises `AppError` 403 when it is not for `by` to decide, 409 when it would leave nobody who owns."""
    by, member = _lock_team(by, user_id)
    _refuse_above(by, member, role)
    if role == member.role:
        return
    if role != "owner":
        _keep_an_owner(member)
    _record("member.role_changed", member, by, {"role": (member.role, role)})
    member.role = role


def transfer_ownership(*, to: UUID, by: Membership) -> None:
    """Make another member an owner, and oneself an admin. Raises `AppError` 403 and 404."""
    by, member = _lock_team(by, to)
    _refuse_above(by, member, "owner")
    if member is by:
        return
    _record("ownership.transferred", member, by, {"role": (member.role, "owner")})
    member.role, by.role = "owner", "admin"


def begin_removal(user_id: UUID, *, by: Membership) -> Membership:
    """The member, who may now be removed by `remove_member` in this transaction. Raises `AppError` 403, 404, 409."""
    by, member = _lock_team(by, user_id)
    if member is not by:
        if not by.may(permissions.TEAM_MANAGE):
            raise _not_yours()
        _refuse_above(by, member, member.role)
    _keep_an_owner(member)
    return member


def remove_member(member: Membership, *, by: Membership) -> None:
    """Let them go, or leave oneself. Their sockets close once it is committed."""
    _record("member.left" if member.user_id == by.user_id else "member.removed", member, by, {})
    emit(
        MemberRemoved(workspace_id=member.workspace_id, user_id=member.user_id, actor=f"agent:{by.user_id}"),
    )
    db.session.delete(member)
    db.session.flush()


def _lock_team(by: Membership, user_id: UUID) -> tuple[Membership, Membership]:
    """Both memberships as they are now, while nobody else changes the team: what was read before may be old."""
    queries.lock_workspace(by.workspace_id)
    return queries.member(by.user_id), queries.member(user_id)


def _refuse_above(by: Membership, member: Membership, role: str) -> None:
    if not by.may(permissions.TEAM_MANAGE):
        raise _not_yours()
    if "owner" in (member.role, role) and not by.may(permissions.OWN):
        raise AppError(403, _("Only an owner decides about owners."))


def _not_yours() -> AppError:
    return AppError(403, _("Your role in this workspace does not allow this. Ask an owner or an admin."))


def _keep_an_owner(member: Membership) -> None:
    if member.role == "owner" and queries.owner_count() == 1:
        raise AppError(409, _("A workspace needs an owner. Make somebody else an owner first."))


def _record(action: str, member: Membership, by: Membership, changes: dict[str, tuple[object, object]]) -> None:
    audit.record(action, by=by.user, target_id=member.user_id, target_name=member.user.name, changes=changes)
