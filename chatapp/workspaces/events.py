"""What happens to a workspace and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class WorkspaceSuspended(Event):
    """Operators have shut the workspace: nobody may have it open any more."""


@dataclass(frozen=True, kw_only=True)
class WorkspaceClosed(Event):
    """Nobody gets in any more, visitors included."""


@dataclass(frozen=True, kw_only=True)
class MemberRemoved(Event):
    """Somebody is no longer in the workspace: they left or were removed."""

    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class MemberRightsChanged(Event):
    """Somebody may do or see more, or less, than before: they have another role, or their role was changed."""

    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class PresenceChanged(Event):
    """A member came online, chose to be away, or the like. That nobody is there any more is noticed, not told."""

    user_id: UUID
    presence: str


@dataclass(frozen=True, kw_only=True)
class FileFinished(Event):
    """What a member asked for is done, and can be seen until `expires_at`.

    `kind`: import or export (of contacts), or person_export; `subject_id`: which.
    """

    kind: str
    subject_id: UUID
    user_id: UUID
    expires_at: datetime
