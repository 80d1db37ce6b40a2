"""What of a workspace's people is shown live: only that whoever is out sees nothing more."""

from __future__ import annotations

from chatapp.common.realtime import broadcast
from chatapp.workspaces.events import MemberRemoved


def close_sockets(event: MemberRemoved) -> None:
    """Close what they have open in this workspace, in every process."""
    broadcast.close_sockets(workspace_id=event.workspace_id, user_id=event.user_id)
