"""How it shows that a team is gone: every open inbox looks again."""

from __future__ import annotations

import json

from chatapp.common.realtime import broadcast, topics
from chatapp.teams.events import TeamDeleted


def refresh_inboxes(event: TeamDeleted) -> None:
    """A hint without content, to everybody: each asks for what they see now."""
    broadcast.publish(topics.presence(event.workspace_id), json.dumps({"type": "resync"}))
