"""What happens to the people of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class MemberRemoved(Event):
    """Somebody is no longer in the workspace: they left or were removed."""

    user_id: UUID
