"""Write, change, delete and use canned replies."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from chatapp.canned import permissions, queries, variables
from chatapp.canned.models import CannedReply
from chatapp.common import audit
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.tenancy import current_workspace_id
from chatapp.teams.models import Team
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership

MOST = 300
MOST_TEXT = 4_000


def create(*, code: str, text: str, team: Team | None, is_own: bool, by: Membership) -> CannedReply:
    """Raises `AppError` 403 for what is not theirs to write, 409 when there are many, 422."""
    reply = CannedReply(workspace_id=current_workspace_id())
    _write(reply, code, text, team, by.user_id if is_own else None, by)
    _record("canned_reply.created", reply, by)
    return reply


def change(reply: CannedReply, *, code: str, text: str, team: Team | None, is_own: bool, by: Membership) -> None:
    """Raises `AppError` 403, 409, 422."""
    _demand(reply, by)
    was_own, before = reply.is_own, {"code": reply.code, "text": reply.text}
    _write(reply, code, text, team, by.user_id if is_own else None, by)
    if was_own:
        _record("canned_reply.created", reply, by)
    else:
        changes = {"code": (before["code"], code), "text": (before["text"], text)}
        _record("canned_reply.changed", reply, by, changes=changes)


def delete(reply: CannedReply, *, by: Membership) -> None:
    """Raises `AppError` 403."""
    _demand(reply, by)
    _record("canned_reply.deleted", reply, by)
    db.session.delete(reply)
    db.session.flush()


def note_use(reply: CannedReply) -> None:
    """It was inserted once more."""
    db.session.execute(
        update(CannedReply).where(CannedReply.id == reply.id).values(used_count=CannedReply.used_count + 1)
    )


def may_write(reply: CannedReply, member: Membership) -> bool:
    return reply.owner_id == member.user_id if reply.is_own else member.may(permissions.MANAGE)


def _write(reply: CannedReply, code: str, text: str, team: Team | None, owner_id: UUID | None, by: Membership) -> None:
    wrong = variables.problem(text)
    if wrong is not None:
        raise AppError(422, wrong, fields={"text": wrong})
    if owner_id is None and not by.may(permissions.MANAGE):
        raise _not_theirs()
    _refuse_too_many(owner_id or (team.id if team else reply.workspace_id), but=reply)
    try:
        with db.session.begin_nested():
            reply.give(team=team, owner_id=owner_id)
            reply.code, reply.text = code, text
            db.session.add(reply)
    except IntegrityError:
        taken = _("There is a reply with this short code already.")
        raise AppError(422, taken, fields={"code": taken}) from None


def _refuse_too_many(holder_id: UUID, *, but: CannedReply) -> None:
    """One at a time is written in a workspace, so that the count holds."""
    workspaces.lock_workspace(current_workspace_id())
    if but.holder_id != holder_id and queries.count_of(holder_id) >= MOST:
        raise AppError(409, _("There are %(count)s canned replies already. Delete one first.", count=MOST))


def _demand(reply: CannedReply, by: Membership) -> None:
    if not may_write(reply, by):
        raise _not_theirs()


def _not_theirs() -> AppError:
    return AppError(403, _("Your role writes canned replies for yourself only."))


def _record(
    action: str, reply: CannedReply, by: Membership, *, changes: Mapping[str, tuple[object, object]] | None = None
) -> None:
    """What only its writer sees is nobody else's business."""
    if not reply.is_own:
        audit.record(action, by=by.user, target_id=reply.id, target_name=reply.code, changes=changes or {})
