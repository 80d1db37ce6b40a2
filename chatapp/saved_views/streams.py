"""How it shows that a saved view has changed: every open inbox looks at its views again."""

from __future__ import annotations

import json

from chatapp.common.realtime import broadcast, topics
from chatapp.saved_views.events import SavedViewsChanged


def refresh_inboxes(event: SavedViewsChanged) -> None:
    """A hint to everybody, without a name: each asks for what they see now."""
    hint = {"type": "views", "id": str(event.saved_view_id)}
    broadcast.publish(topics.presence(event.workspace_id), json.dumps(hint))
