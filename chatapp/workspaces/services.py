"""Create workspaces and change them, let people in, change what they may, and let them go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from chatapp.auth import queries as users
from chatapp.auth.models import User
from chatapp.common import audit, tenancy
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.common.pictures import Picture
from chatapp.common.time_zones import UTC
from chatapp.workspaces import permissions, queries
from chatapp.workspaces.events import FileFinished, MemberRemoved, MemberRightsChanged, WorkspaceSuspended
from chatapp.workspaces.models import RESERVED, AnyRole, Membership, OldAddress, Workspace, name_of, rights_of
from chatapp.workspaces.rights import Rights


def create(*, name: str, slug: str, locale: str, owner: User, time_zone: str = UTC) -> Workspace:
    """Make a workspace whose first member owns it, and enter it. Raises `AppError` 422 when the address is taken."""
    _claim(slug)
    workspace = Workspace(name=name, slug=slug, locale=locale, time_zone=time_zone)
    db.session.add(workspace)
    db.session.flush()
    tenancy.enter(workspace.id)
    add_member(workspace, user=owner, role="owner")
    audit.record("workspace.created", by=owner, target_id=workspace.id, target_name=name)
    return workspace


def change(workspace: Workspace, *, name: str, locale: str, time_zone: str, by: User) -> None:
    changes = {
        "name": (workspace.name, name),
        "language": (workspace.locale, locale),
        "time zone": (workspace.time_zone, time_zone),
    }
    if all(before == after for before, after in changes.values()):
        return
    audit.record("workspace.changed", by=by, target_id=workspace.id, target_name=name, changes=changes)
    workspace.name, workspace.locale, workspace.time_zone = name, locale, time_zone


def move(workspace: Workspace, *, to: str, by: User) -> None:
    """Give it another address; the present one leads there. Raises `AppError` 422 when the new one is taken."""
    _claim(to, by_workspace=workspace.id)
    workspace = queries.lock_workspace(workspace.id)
    if to == workspace.slug:
        return
    changes = {"address": (workspace.slug, to)}
    audit.record("workspace.moved", by=by, target_id=workspace.id, target_name=workspace.name, changes=changes)
    for returned_to in queries.old_addresses(slug=to):
        db.session.delete(returned_to)
    db.session.add(OldAddress(slug=workspace.slug))
    workspace.slug = to
    db.session.flush()


def change_logo(workspace: Workspace, picture: Picture | None, *, by: User) -> None:
    """Another logo has another address; the old one leads nowhere from now on."""
    if picture is None and workspace.logo_token is None:
        return
    action = "workspace.logo_changed" if picture else "workspace.logo_removed"
    audit.record(action, by=by, target_id=workspace.id, target_name=workspace.name)
    workspace.logo, workspace.logo_token = (picture.content, picture.token) if picture else (None, None)


def close_idle_after(workspace: Workspace, *, hours: int | None, message: str | None, by: User) -> None:
    """Conversations whose visitor is silent for so many hours are closed by the clock; with None, none are."""
    changes = {
        "silent for": (workspace.idle_close_hours, hours),
        "last words": (workspace.idle_close_message, message),
    }
    if all(before == after for before, after in changes.values()):
        return
    name = workspace.name
    audit.record("workspace.idle_closing_changed", by=by, target_id=workspace.id, target_name=name, changes=changes)
    workspace.idle_close_hours, workspace.idle_close_message = hours, message


def show_link_cards(workspace: Workspace, *, on: bool, by: User) -> None:
    """Whether what replies link to is looked up and shown from now on. What is shown already stays."""
    if workspace.shows_link_cards == on:
        return
    action = "workspace.link_cards_shown" if on else "workspace.link_cards_hidden"
    audit.record(action, by=by, target_id=workspace.id, target_name=workspace.name)
    workspace.shows_link_cards = on


def require_two_factor(workspace: Workspace, *, by: User) -> None:
    """From now on nobody gets in without it, and sockets of whoever lacks it close. Raises `AppError` 409 for somebody
    who would shut themselves out."""
    if workspace.two_factor_since is not None:
        return
    if not users.has_two_factor(by.id):
        raise AppError(409, _("Set up two-factor for yourself first, so that you do not shut yourself out."))
    audit.record("workspace.two_factor_required", by=by, target_id=workspace.id, target_name=workspace.name)
    workspace.two_factor_since = now()


def stop_requiring_two_factor(workspace: Workspace, *, by: User) -> None:
    if workspace.two_factor_since is None:
        return
    audit.record("workspace.two_factor_optional", by=by, target_id=workspace.id, target_name=workspace.name)
    workspace.two_factor_since = None


def _claim(slug: str, *, by_workspace: UUID | None = None) -> None:
    """Nobody else can take this address from here to the commit. Raises `AppError` 422 when somebody has it."""
    queries.lock_addresses()
    if slug in RESERVED or queries.is_taken(slug, by_other_than=by_workspace):
        taken = _("This address is taken. Choose another.")
        raise AppError(422, taken, fields={"slug": taken})


def suspend(workspace: Workspace, *, reason: str, by: User) -> None:
    """Shut it: members read the reason in its place, visitors find the chat closed, open sockets close. It is entered.

    Raises `AppError` 409 when it is shut already.
    """
    if workspace.is_suspended:
        raise AppError(409, _("This workspace is suspended already."))
    tenancy.enter(workspace.id)
    workspace.suspended_at, workspace.suspended_reason = now(), reason
    emit(WorkspaceSuspended(workspace_id=workspace.id))
    _record_whole("workspace.suspended", workspace, by, reason=reason)


def restore(workspace: Workspace, *, by: User) -> None:
    """Open it again; it is entered. Raises `AppError` 409 when it is open."""
    if not workspace.is_suspended:
        raise AppError(409, _("This workspace is not suspended."))
    tenancy.enter(workspace.id)
    workspace.suspended_at = workspace.suspended_reason = None
    _record_whole("workspace.restored", workspace, by)


def _record_whole(action: str, workspace: Workspace, by: User, *, reason: str | None = None) -> None:
    changes = {"reason": (None, reason)} if reason else None
    audit.record(action, by=by, target_id=workspace.id, target_name=workspace.name, changes=changes)


def add_member(workspace: Workspace, *, user: User, role: AnyRole) -> Membership:
    membership = Membership(workspace_id=workspace.id, user_id=user.id)
    membership.take(role)
    db.session.add(membership)
    db.session.flush()
    return membership


def tell_finished(kind: str, subject_id: UUID, *, expires_at: datetime, actor: str) -> None:
    """Say to whoever asked for it that it is done. `actor` is as events have it; if no member did, there is nobody."""
    who, _colon, key = actor.partition(":")
    if who == "agent":
        emit(
            FileFinished(
                workspace_id=tenancy.current_workspace_id(),
                kind=kind,
                subject_id=subject_id,
                user_id=UUID(key),
                expires_at=expires_at,
            )
        )


def put_setup_away(member: Membership) -> None:
    """They have seen enough of their check-list."""
    queries.member(member.user_id).setup_hidden_at = now()


def choose_inbox_order(member: Membership, *, order: str) -> None:
    """How they see their lists of conversations from now on."""
    queries.member(member.user_id).inbox_order = order


def change_role(user_id: UUID, *, role: AnyRole, by: Membership) -> None:
    """Raises `AppError` 403 when it is not for `by` to decide, 409 when it would leave nobody who owns."""
    by, member = _lock_team(by, user_id)
    _refuse_above(by, member, role)
    if role == member.any_role:
        return
    if role != "owner":
        _keep_an_owner(member)
    _give(member, role, by)


def replace_role(members: Iterable[Membership], *, role: AnyRole, by: Membership) -> None:
    """Give all of them another role. The caller holds the lock of the team and has looked at what `by` may hand out."""
    for member in members:
        _give(member, role, by)


def refuse_beyond(by: Membership, rights: Rights) -> None:
    """Raises `AppError` 403 when these are more rights than `by` has: nobody hands out what they do not have."""
    if not by.rights.cover(rights):
        raise AppError(403, _("This needs rights that your own role does not have. Ask somebody who has them."))


def transfer_ownership(*, to: UUID, by: Membership) -> None:
    """Make another member an owner, and oneself an admin. Raises `AppError` 403 and 404."""
    by, member = _lock_team(by, to)
    _refuse_above(by, member, "owner")
    if member is by:
        return
    _record("ownership.transferred", member, by, {"role": (name_of(member.any_role), "owner")})
    member.take("owner")
    by.take("admin")
    _tell_rights(member, by)
    _tell_rights(by, by)


def begin_removal(user_id: UUID, *, by: Membership) -> Membership:
    """The member, who may now be removed by `remove_member` in this transaction. Raises `AppError` 403, 404, 409."""
    by, member = _lock_team(by, user_id)
    if member is not by:
        if not by.may(permissions.TEAM_MANAGE):
            raise _not_yours()
        _refuse_above(by, member, member.any_role)
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


def _refuse_above(by: Membership, member: Membership, role: AnyRole) -> None:
    """Who has more than oneself is out of one's hands, and so is what oneself does not have."""
    if not by.may(permissions.TEAM_MANAGE):
        raise _not_yours()
    if "owner" in (member.role, role) and not by.may(permissions.OWN):
        raise AppError(403, _("Only an owner decides about owners."))
    refuse_beyond(by, member.rights)
    refuse_beyond(by, rights_of(role))


def _give(member: Membership, role: AnyRole, by: Membership) -> None:
    _record("member.role_changed", member, by, {"role": (name_of(member.any_role), name_of(role))})
    member.take(role)
    _tell_rights(member, by)


def _tell_rights(member: Membership, by: Membership) -> None:
    emit(MemberRightsChanged(workspace_id=member.workspace_id, user_id=member.user_id, actor=f"agent:{by.user_id}"))


def _not_yours() -> AppError:
    return AppError(403, _("Your role in this workspace does not allow this. Ask an owner or an admin."))


def _keep_an_owner(member: Membership) -> None:
    if member.role == "owner" and queries.owner_count() == 1:
        raise AppError(409, _("A workspace needs an owner. Make somebody else an owner first."))


def _record(action: str, member: Membership, by: Membership, changes: dict[str, tuple[object, object]]) -> None:
    audit.record(action, by=by.user, target_id=member.user_id, target_name=member.user.name, changes=changes)
