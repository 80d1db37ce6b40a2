"""What happens to members' lists."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chatapp.common.events import Event


@dataclass(frozen=True, kw_only=True)
class NotificationsChanged(Event):
    """Something was added to some members' lists, or read there. `user_ids`: whose, with spaces between."""

    user_ids: str

    @property
    def users(self) -> list[UUID]:
        return [UUID(user_id) for user_id in self.user_ids.split()]


@dataclass(frozen=True, kw_only=True)
class PushDue(Event):
    """One line is to be pushed to one browser."""

    subscription_id: UUID
    notification_id: UUID
