"""Reads about macros. Whoever asks sees everybody's, their own, and those of their teams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.macros import permissions
from chatapp.macros.models import Macro
from chatapp.teams import queries as teams
from chatapp.workspaces.models import Membership


def usable(member: Membership) -> Sequence[Macro]:
    """What a member can run, the most used first."""
    mine = teams.team_ids_of(member.user_id)
    is_shared = Macro.owner_id.is_(None) & Macro.team_id.is_(None)
    seen = or_(is_shared, Macro.owner_id == member.user_id, Macro.team_id.in_(mine))
    return _found(select(Macro).where(seen).order_by(Macro.used_count.desc(), func.lower(Macro.name), Macro.id))


def kept(member: Membership) -> Sequence[Macro]:
    """What a member sees in the settings, by name: who manages them sees those of every team."""
    if not member.may(permissions.MANAGE):
        return sorted(usable(member), key=lambda macro: macro.name.casefold())
    theirs = or_(Macro.owner_id.is_(None), Macro.owner_id == member.user_id)
    return _found(select(Macro).where(theirs).order_by(func.lower(Macro.name), Macro.id))


def macro(macro_id: UUID, *, seen_by: Membership) -> Macro:
    """One of those that a member sees in the settings. Raises `AppError` 404."""
    return _one(kept(seen_by), macro_id)


def usable_macro(macro_id: UUID, *, by: Membership) -> Macro:
    """One of those that a member can run. Raises `AppError` 404."""
    return _one(usable(by), macro_id)


def count_of(holder_id: UUID) -> int:
    """How many somebody has."""
    return db.session.scalar(select(func.count()).where(Macro.holder_id == holder_id)) or 0


def _one(macros: Sequence[Macro], macro_id: UUID) -> Macro:
    found = next((macro for macro in macros if macro.id == macro_id), None)
    if found is None:
        raise not_found()
    return found


def _found(statement: Select[Any]) -> Sequence[Macro]:
    return db.session.scalars(statement.options(joinedload(Macro.team))).all()
