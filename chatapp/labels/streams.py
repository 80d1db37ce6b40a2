"""How it shows that a label has changed: every open inbox looks again."""

from __future__ import annotations

import json

from chatapp.common.realtime import broadcast, topics
from chatapp.labels.events import LabelsChanged


def refresh_inboxes(event: LabelsChanged) -> None:
    """A hint without content, to everybody: each asks for what they see now."""
    broadcast.publish(topics.presence(event.workspace_id), json.dumps({"type": "labels"}))
