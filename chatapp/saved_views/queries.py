"""Reads about saved views. Whoever asks sees everybody's, their own, and those of their teams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.saved_views import permissions
from chatapp.saved_views.models import SavedView
from chatapp.teams import queries as teams
from chatapp.workspaces.models import Membership

_PREFIX = "saved:"


def view_name(saved_view_id: UUID) -> str:
    """What a saved view is called in an address, beside the views that are there by themselves."""
    return f"{_PREFIX}{saved_view_id}"


def id_in(view: str) -> UUID | None:
    """The saved view that is named; None for other views. Raises `AppError` 404 for a name of nothing."""
    if not view.startswith(_PREFIX):
        return None
    try:
        return UUID(view.removeprefix(_PREFIX))
    except ValueError:
        raise not_found() from None


def usable(member: Membership, subject: str) -> Sequence[SavedView]:
    """What a member finds in the list of views: everybody's first, then their teams', then their own."""
    if not member.may(permissions.VIEW):
        return []
    mine = teams.team_ids_of(member.user_id)
    seen = or_(_is_everybodys(), SavedView.owner_id == member.user_id, SavedView.team_id.in_(mine))
    return _found(seen, SavedView.subject == subject)


def kept(member: Membership, subject: str) -> Sequence[SavedView]:
    """What a member sees where views are kept: who manages them sees those of every team."""
    if not member.may(permissions.MANAGE):
        return usable(member, subject)
    theirs = or_(SavedView.owner_id.is_(None), SavedView.owner_id == member.user_id)
    return _found(theirs, SavedView.subject == subject)


def saved_view(saved_view_id: UUID, *, seen_by: Membership) -> SavedView:
    """One of those that a member sees. Raises `AppError` 404."""
    mine = teams.team_ids_of(seen_by.user_id)
    shared = SavedView.owner_id.is_(None) if seen_by.may(permissions.MANAGE) else _is_everybodys()
    seen = or_(shared, SavedView.owner_id == seen_by.user_id, SavedView.team_id.in_(mine))
    found = _found(SavedView.id == saved_view_id, seen) if seen_by.may(permissions.VIEW) else ()
    if not found:
        raise not_found()
    return found[0]


def segment(saved_view_id: UUID, *, seen_by: Membership) -> SavedView:
    """One of contacts that a member sees. Raises `AppError` 404."""
    found = saved_view(saved_view_id, seen_by=seen_by)
    if found.subject != "contacts":
        raise not_found()
    return found


def of_holder(holder_id: UUID, subject: str) -> Sequence[SavedView]:
    """The views of one holder, in their order."""
    return _found(SavedView.holder_id == holder_id, SavedView.subject == subject)


def _is_everybodys() -> ColumnElement[bool]:
    return SavedView.owner_id.is_(None) & SavedView.team_id.is_(None)


def _found(*criteria: Any) -> Sequence[SavedView]:
    statement = select(SavedView).where(*criteria).options(joinedload(SavedView.team))
    rows = db.session.scalars(statement.order_by(SavedView.position, SavedView.id)).all()
    return sorted(rows, key=lambda row: (row.is_own, row.team.name if row.team else "", row.position, row.id))
