"""What happens to teams."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    """Other people are in it, or its conversations are handed out by other rules."""

    team_id: UUID


@dataclass(frozen=True, kw_only=True)
class TeamDeleted(Event):
    """It is gone: its conversations belong to no team, and whoever saw them by it sees others now."""

    team_id: UUID
