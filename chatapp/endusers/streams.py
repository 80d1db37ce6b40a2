"""What a contact's leaving does to what is open."""

from __future__ import annotations

from chatapp.common.realtime import broadcast
from chatapp.endusers.events import VisitorLoggedOut


def close_sockets(event: VisitorLoggedOut) -> None:
    """All of theirs: those that still have a good token come back within seconds."""
    broadcast.close_sockets(workspace_id=event.workspace_id, end_user_id=event.end_user_id)
