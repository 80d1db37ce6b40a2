"""What of a workspace's people is shown live: who is there, and that nobody sees what they may not see any more."""

from __future__ import annotations

import json

from chatapp.common.realtime import broadcast, topics
from chatapp.workspaces.events import (
    MemberRemoved,
    MemberRightsChanged,
    PresenceChanged,
    WorkspaceClosed,
    WorkspaceSuspended,
)


def close_sockets(event: MemberRemoved | MemberRightsChanged) -> None:
    """Close what they have open in this workspace, in every process. Pages load anew and show what counts now."""
    broadcast.close_sockets(workspace_id=event.workspace_id, user_id=event.user_id)


def show_presence(event: PresenceChanged) -> None:
    """Tell everybody in the workspace; the next heartbeat tells it again, with all the others."""
    news = {"type": "presence", "presence": {str(event.user_id): event.presence}}
    broadcast.publish(topics.presence(event.workspace_id), json.dumps(news))


def close_every_socket(event: WorkspaceSuspended | WorkspaceClosed) -> None:
    """Close what anybody has open in this workspace, visitors included, in every process."""
    broadcast.close_sockets(workspace_id=event.workspace_id)
