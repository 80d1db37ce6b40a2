"""Stand in for a member: by a session of its own, in one workspace, for an hour at most, and in the open.

Both logs tell when it began and ended, and why; whatever is done meanwhile stands in the workspace's log under both
names. What the door refuses to those who stand in is said in `workspaces.door`.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from chatapp.auth import services as auth
from chatapp.auth.models import User
from chatapp.auth.services.sessions import IMPERSONATION_LIFE
from chatapp.backoffice.models import Impersonation
from chatapp.backoffice.queries import impersonations
from chatapp.backoffice.services import log
from chatapp.common import audit, tenancy
from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.common.errors import AppError, not_found
from chatapp.common.unit_of_work import unit_of_work
from chatapp.workspaces.models import Membership


def begin(member: Membership, *, reason: str, by: User, ip: str, user_agent: str) -> str:
    """The token of the new session, for the cookie; the workspace is entered. Raises `AppError` 403 and 409."""
    _refuse(member, by)
    user, workspace = member.user, member.workspace
    tenancy.enter(workspace.id)
    token, session_id = auth.start_impersonation(
        user, by=by, only_workspace_id=workspace.id, ip=ip, user_agent=user_agent
    )
    db.session.add(
        Impersonation(
            session_id=session_id,
            operator_id=by.id,
            user_id=user.id,
            reason=reason,
            ends_at=now() + IMPERSONATION_LIFE,
        )
    )
    changes = {"reason": (None, reason)}
    audit.record("impersonation.began", by=by, target_id=user.id, target_name=user.name, changes=changes)
    log.record(
        "impersonation.began",
        by=by,
        target_id=user.id,
        target_name=user.email,
        workspace=workspace.name,
        reason=reason,
    )
    return token


def end(session_id: UUID) -> None:
    """Stop. Raises `AppError` 404 for a session that stands in for nobody."""
    place = impersonations.place_of(session_id)
    if place is None:
        raise not_found()
    tenancy.enter(place[0])
    _close(place[1])


def end_what_is_over() -> None:
    """For the clock: record the end of those whose time is up or whose session was ended otherwise."""
    with unit_of_work():
        found = impersonations.over()
    for workspace_id, impersonation_id in found:
        with unit_of_work(workspace_id):
            _close(impersonation_id)


def _close(impersonation_id: UUID) -> None:
    found = impersonations.open_one(impersonation_id)
    if found is None:
        return
    found.ended_at = now()
    auth.end_sessions(found.user, only=found.session_id)
    by, user = found.operator, found.user
    changes = {"reason": (None, found.reason)}
    audit.record("impersonation.ended", by=by, target_id=user.id, target_name=user.name, changes=changes)
    log.record(
        "impersonation.ended",
        by=by,
        target_id=user.id,
        target_name=user.email,
        workspace=found.workspace.name,
        reason=found.reason,
    )


def _refuse(member: Membership, by: User) -> None:
    if member.user_id == by.id:
        raise AppError(409, _("This is your own account."))
    if member.user.is_operator:
        raise AppError(409, _("Nobody stands in for an operator."))
    if member.workspace.is_suspended:
        raise AppError(409, _("The workspace is suspended. Open it again first."))
