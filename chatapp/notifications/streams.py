"""How a list shows live that it has changed."""

from __future__ import annotations

import json

from chatapp.common.realtime import broadcast, topics
from chatapp.notifications.events import NotificationsChanged


def hint(event: NotificationsChanged) -> None:
    """A hint without content: whoever gets it asks for what they may see."""
    frame = json.dumps({"type": "notifications"})
    for user_id in event.users:
        broadcast.publish(topics.member(event.workspace_id, user_id), frame)
