"""Make saved views, change, duplicate, order and delete them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from chatapp.common import audit, conditions
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.events import emit
from chatapp.common.tenancy import current_workspace_id
from chatapp.saved_views import permissions, queries
from chatapp.saved_views.events import SavedViewsChanged
from chatapp.saved_views.models import SavedView
from chatapp.teams.models import Team
from chatapp.workspaces import queries as workspaces
from chatapp.workspaces.models import Membership

MOST = 30
LONGEST_NAME = 60


@dataclass(frozen=True)
class Terms:
    """What a view is to be: without a team and not somebody's own it is everybody's."""

    name: str
    conditions: conditions.Group
    sort: str
    team: Team | None = None
    is_own: bool = True


def create(terms: Terms, *, subject: str = "conversations", by: Membership) -> SavedView:
    """Raises `AppError` 403 for what is not theirs to share, 409 when there are many, 422."""
    view = SavedView(workspace_id=current_workspace_id(), subject=subject)
    _write(view, terms, by)
    _record("saved_view.created", view, by)
    return view


def change(view: SavedView, terms: Terms, *, by: Membership) -> None:
    """Raises `AppError` 403, 409, 422."""
    _demand(view, by)
    was_own, before = view.is_own, view.name
    _write(view, terms, by)
    changes = {} if was_own else {"name": (before, view.name)}
    _record("saved_view.created" if was_own else "saved_view.changed", view, by, changes=changes)


def duplicate(view: SavedView, *, by: Membership) -> SavedView:
    """The same once more, for whoever asks alone. Raises `AppError` 409."""
    name = _("%(name)s (copy)", name=view.name[: LONGEST_NAME - 10])
    return create(Terms(name, view.group, view.sort), subject=view.subject, by=by)


def sort_by(view: SavedView, order: str, *, by: Membership) -> None:
    """Whoever opens it sees it so from now on. Raises `AppError` 403."""
    _demand(view, by)
    view.sort = order
    _tell(view, by)


def move(view: SavedView, *, is_up: bool, by: Membership) -> None:
    """One place up or down among those of its holder. Raises `AppError` 403."""
    _demand(view, by)
    workspaces.lock_workspace(view.workspace_id)
    row = list(queries.of_holder(view.holder_id, view.subject))
    here = next(number for number, each in enumerate(row) if each.id == view.id)
    there = here - 1 if is_up else here + 1
    if not 0 <= there < len(row):
        return
    row[here], row[there] = row[there], row[here]
    for number, each in enumerate(row):
        each.position = number
    db.session.flush()
    _tell(view, by)


def delete(view: SavedView, *, by: Membership) -> None:
    """Raises `AppError` 403."""
    _demand(view, by)
    _record("saved_view.deleted", view, by)
    _tell(view, by)
    db.session.delete(view)
    db.session.flush()


def may_write(view: SavedView, member: Membership) -> bool:
    return view.owner_id == member.user_id if view.is_own else member.may(permissions.MANAGE)


def _write(view: SavedView, terms: Terms, by: Membership) -> None:
    if not terms.is_own and not by.may(permissions.MANAGE):
        raise _not_theirs()
    before = view.holder_id
    view.name, view.conditions, view.sort = _checked(terms.name), conditions.kept(terms.conditions), terms.sort
    view.give(team=terms.team, owner_id=by.user_id if terms.is_own else None)
    if view.holder_id != before:
        _add_to_holder(view)
    db.session.add(view)
    db.session.flush()
    _tell(view, by)


def _add_to_holder(view: SavedView) -> None:
    """At the end. One at a time is written in a workspace, so that the count holds."""
    workspaces.lock_workspace(view.workspace_id)
    with db.session.no_autoflush:
        theirs = queries.of_holder(view.holder_id, view.subject)
    if len(theirs) >= MOST:
        raise AppError(409, _("There are %(count)s saved views already. Delete one first.", count=MOST))
    view.position = max((each.position for each in theirs), default=0) + 1


def _checked(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    wrong = "" if name else _("Enter a name.")
    if len(name) > LONGEST_NAME:
        wrong = _("Use at most %(most)s characters.", most=LONGEST_NAME)
    if wrong:
        raise AppError(422, wrong, fields={"name": wrong})
    return name


def _demand(view: SavedView, by: Membership) -> None:
    if not may_write(view, by):
        raise _not_theirs()


def _not_theirs() -> AppError:
    return AppError(403, _("Your role makes saved views for yourself only."))


def _record(
    action: str, view: SavedView, by: Membership, *, changes: Mapping[str, tuple[object, object]] | None = None
) -> None:
    """What only its maker sees is nobody else's business."""
    if not view.is_own:
        audit.record(action, by=by.user, target_id=view.id, target_name=view.name, changes=changes or {})


def _tell(view: SavedView, by: Membership) -> None:
    emit(SavedViewsChanged(workspace_id=view.workspace_id, saved_view_id=view.id, actor=f"agent:{by.user_id}"))
