"""Make, change and delete a workspace's own roles. Nobody puts more into a role than they have themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.common import audit
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.common.permissions import ROLES, grantable, with_needed
from chatapp.workspaces import queries, services
from chatapp.workspaces.events import MemberRightsChanged
from chatapp.workspaces.models import AnyRole, Membership, Role, rights_of
from chatapp.workspaces.rights import Rights

MOST_ROLES = 50


def create(*, name: str, permissions: Iterable[str], visibility: str, by: Membership) -> Role:
    """Raises `AppError` 403 for more than `by` has, 409 when there are too many, 422 for a name that is taken."""
    by = _lock(by)
    rights = _rights(permissions, visibility, by)
    if len(queries.roles()) >= MOST_ROLES:
        raise AppError(409, _("There are %(count)s roles already. Change or delete one of them.", count=MOST_ROLES))
    role = Role(workspace_id=by.workspace_id)
    _write(role, name, rights)
    _note_narrow_roles(by)
    made = {"permissions": (None, _words(rights.permissions)), "visibility": (None, visibility)}
    _record("role.created", role, by, made)
    return role


def change(role: Role, *, name: str, permissions: Iterable[str], visibility: str, by: Membership) -> None:
    """It counts at once for everybody who has it. Raises `AppError` 403 and 422."""
    by = _lock(by)
    role = queries.role(role.id)
    services.refuse_beyond(by, role.rights)
    rights, before, old_name = _rights(permissions, visibility, by), role.rights, role.name
    _write(role, name, rights)
    _note_narrow_roles(by)
    if (old_name, before) != (name, rights):
        _record("role.changed", role, by, {"name": (old_name, name), **_difference(before, rights)})
    if before != rights:
        _tell_members(role, by)


def delete(role: Role, *, replacement: AnyRole | None, by: Membership) -> None:
    """Whoever has it gets the replacement. Raises `AppError` 403, and 422 without a replacement for a role in use."""
    by = _lock(by)
    role = queries.role(role.id)
    services.refuse_beyond(by, role.rights)
    members = queries.members_with(role)
    if members:
        services.replace_role(members, role=checked_replacement(role, replacement, by), by=by)
    _record("role.deleted", role, by, {})
    db.session.flush()
    db.session.delete(role)
    db.session.flush()
    _note_narrow_roles(by)


def checked_replacement(role: Role, replacement: AnyRole | None, by: Membership) -> AnyRole:
    """What those get whose role goes. Raises `AppError` 403 and 422."""
    if replacement is None or replacement in ("owner", role):
        raise AppError(422, _("Choose the role that its members get instead."))
    services.refuse_beyond(by, rights_of(replacement))
    return replacement


def _lock(by: Membership) -> Membership:
    """The one who acts, as they are now, while nobody else changes the team."""
    queries.lock_workspace(by.workspace_id)
    return queries.member(by.user_id)


def _rights(permissions: Iterable[str], visibility: str, by: Membership) -> Rights:
    wanted = with_needed(permissions)
    if not wanted <= grantable():
        raise AppError(422, _("This cannot be given to a role."))
    rights = Rights.of(wanted, visibility)
    services.refuse_beyond(by, rights)
    return rights


def _write(role: Role, name: str, rights: Rights) -> None:
    taken = _("There is a role of this name already. Choose another.")
    if name.casefold() in _names_of_built_in():
        raise AppError(422, taken, fields={"name": taken})
    try:
        with db.session.begin_nested():
            role.name, role.permissions, role.visibility = name, sorted(rights.permissions), rights.visibility
            db.session.add(role)
    except IntegrityError:
        raise AppError(422, taken, fields={"name": taken}) from None


def _names_of_built_in() -> set[str]:
    return {*ROLES, *(name.casefold() for name in (_("Owner"), _("Admin"), _("Agent"), _("Viewer")))}


def _note_narrow_roles(by: Membership) -> None:
    """Whether anybody may see less than everything: where nobody does, live changes are told to everybody alike."""
    workspace = queries.lock_workspace(by.workspace_id)
    workspace.has_narrow_roles = any(role.visibility != "all" for role in queries.roles())


def _difference(before: Rights, after: Rights) -> dict[str, tuple[object, object]]:
    return {
        "permissions": (_words(before.permissions - after.permissions), _words(after.permissions - before.permissions)),
        "visibility": (before.visibility, after.visibility),
    }


def _words(permissions: Iterable[str]) -> str:
    return ", ".join(sorted(permissions))


def _tell_members(role: Role, by: Membership) -> None:
    for member in queries.members_with(role):
        emit(MemberRightsChanged(workspace_id=role.workspace_id, user_id=member.user_id, actor=f"agent:{by.user_id}"))


def _record(action: str, role: Role, by: Membership, changes: Mapping[str, tuple[object, object]]) -> None:
    audit.record(action, by=by.user, target_id=role.id, target_name=role.name, changes=changes)
