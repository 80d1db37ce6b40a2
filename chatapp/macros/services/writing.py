"""Write, change and delete macros."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from chatapp.common import audit
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.tenancy import current_workspace_id
from chatapp.macros import permissions, queries
from chatapp.macros.models import Macro
from chatapp.teams.models import Team
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership

MOST = 100
MOST_NAME = 60


def create(*, name: str, actions: dict[str, Any], team: Team | None, is_own: bool, by: Membership) -> Macro:
    """Raises `AppError` 403 for what is not theirs to write, 409 when there are many, 422."""
    macro = Macro(workspace_id=current_workspace_id())
    _write(macro, name, actions, team, by.user_id if is_own else None, by)
    _record("macro.created", macro, by)
    return macro


def change(
    macro: Macro, *, name: str, actions: dict[str, Any], team: Team | None, is_own: bool, by: Membership
) -> None:
    """Raises `AppError` 403, 409, 422."""
    _demand(macro, by)
    was_own, before = macro.is_own, macro.name
    _write(macro, name, actions, team, by.user_id if is_own else None, by)
    if was_own:
        _record("macro.created", macro, by)
    else:
        _record("macro.changed", macro, by, changes={"name": (before, name)})


def delete(macro: Macro, *, by: Membership) -> None:
    """Raises `AppError` 403."""
    _demand(macro, by)
    _record("macro.deleted", macro, by)
    db.session.delete(macro)
    db.session.flush()


def may_write(macro: Macro, member: Membership) -> bool:
    return macro.owner_id == member.user_id if macro.is_own else member.may(permissions.MANAGE)


def _write(
    macro: Macro, name: str, actions: dict[str, Any], team: Team | None, owner_id: UUID | None, by: Membership
) -> None:
    if owner_id is None and not by.may(permissions.MANAGE):
        raise _not_theirs()
    _refuse_too_many(owner_id or (team.id if team else macro.workspace_id), but=macro)
    try:
        with db.session.begin_nested():
            macro.give(team=team, owner_id=owner_id)
            macro.name, macro.actions = name, actions
            db.session.add(macro)
    except IntegrityError:
        taken = _("There is a macro of this name already.")
        raise AppError(422, taken, fields={"name": taken}) from None


def _refuse_too_many(holder_id: UUID, *, but: Macro) -> None:
    """One at a time is written in a workspace, so that the count holds."""
    workspaces.lock_workspace(current_workspace_id())
    if but.holder_id != holder_id and queries.count_of(holder_id) >= MOST:
        raise AppError(409, _("There are %(count)s macros already. Delete one first.", count=MOST))


def _demand(macro: Macro, by: Membership) -> None:
    if not may_write(macro, by):
        raise _not_theirs()


def _not_theirs() -> AppError:
    return AppError(403, _("Your role writes macros for yourself only."))


def _record(
    action: str, macro: Macro, by: Membership, *, changes: dict[str, tuple[object, object]] | None = None
) -> None:
    """What only its writer sees is nobody else's business."""
    if not macro.is_own:
        audit.record(action, by=by.user, target_id=macro.id, target_name=macro.name, changes=changes or {})
