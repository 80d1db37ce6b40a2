"""Reads about canned replies. Whoever asks sees everybody's, their own, and those of their teams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from chatapp.canned import permissions
from chatapp.canned.models import CannedReply
from chatapp.common.db import db
from chatapp.common.errors import not_found
from chatapp.teams import queries as teams
from chatapp.workspaces.models import Membership


def usable(member: Membership) -> Sequence[CannedReply]:
    """What a member can insert, the most used first."""
    mine = teams.team_ids_of(member.user_id)
    seen = or_(_is_shared(), CannedReply.owner_id == member.user_id, CannedReply.team_id.in_(mine))
    return _found(select(CannedReply).where(seen).order_by(CannedReply.used_count.desc(), CannedReply.code))


def kept(member: Membership) -> Sequence[CannedReply]:
    """What a member sees in the settings, by code: who manages them sees those of every team."""
    if not member.may(permissions.MANAGE):
        return sorted(usable(member), key=lambda reply: reply.code)
    theirs = or_(CannedReply.owner_id.is_(None), CannedReply.owner_id == member.user_id)
    return _found(select(CannedReply).where(theirs).order_by(CannedReply.code, CannedReply.id))


def canned_reply(reply_id: UUID, *, seen_by: Membership) -> CannedReply:
    """One of those that a member sees in the settings. Raises `AppError` 404."""
    found = next((reply for reply in kept(seen_by) if reply.id == reply_id), None)
    if found is None:
        raise not_found()
    return found


def count_of(holder_id: UUID) -> int:
    """How many somebody has."""
    return db.session.scalar(select(func.count()).where(CannedReply.holder_id == holder_id)) or 0


def _is_shared() -> Any:
    return CannedReply.owner_id.is_(None) & CannedReply.team_id.is_(None)


def _found(statement: Select[Any]) -> Sequence[CannedReply]:
    return db.session.scalars(statement.options(joinedload(CannedReply.team))).all()
