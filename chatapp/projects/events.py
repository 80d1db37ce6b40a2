"""What happens to projects."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class ProjectSeen(Event):
    """The widget was opened on the project's site, for the first time in a while."""

    project_id: UUID
