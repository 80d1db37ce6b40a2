"""Block contacts and let them in again: what it means for their conversations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chatapp.common import audit
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations import services as conversations
from chatapp.conversations.visibility import unrestricted
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EndUser
from chatapp.messages import services as messages
from chatapp.workspaces.models import Membership


def block(end_user: EndUser, *, by: Membership) -> None:
    """Take nothing from them any more, and close what is open: it waits for nobody."""
    if not endusers.block(end_user):
        return
    _record("contact.blocked", end_user, by)
    close_open(end_user, by=by)
    conversations.show_contact(end_user, by=by)


def close_open(end_user: EndUser, *, by: Membership) -> dict[str, Any]:
    """What waits for nobody is closed; how it stood before and after, as `open_again` needs it."""
    with unrestricted(reason="nobody should wait for an answer to somebody who is blocked, whoever sees it"):
        found = conversation_queries.unclosed_of_contact(end_user.id)
        before = conversations.standings(found)
        for conversation in found:
            messages.close(conversation, by=by, anyway=True)
        left = conversations.standings(found)
    return {str(one): {"before": before[one]["state"], "left": left[one]["state"]} for one in before}


def open_again(closed: Mapping[str, Any], *, by: Membership) -> None:
    """What `close_open` closed stands as before, unless something has happened to it since."""
    for conversation_id in sorted(closed, key=UUID):
        conversation = conversation_queries.locked(UUID(conversation_id))
        before, left = closed[conversation_id]["before"], closed[conversation_id]["left"]
        if conversations.standings([conversation])[conversation.id]["state"] == left:
            conversations.put_back(conversation, {"state": before}, left={"state": left}, actor=f"agent:{by.user_id}")


def unblock(end_user: EndUser, *, by: Membership) -> None:
    """They may write again. Their conversations stay closed until they do."""
    if endusers.unblock(end_user):
        _record("contact.unblocked", end_user, by)
        conversations.show_contact(end_user, by=by)


def _record(action: str, end_user: EndUser, by: Membership) -> None:
    """Without their name: the log is never changed, and people are erased."""
    audit.record(action, by=by.user, target_id=end_user.id, target_name=end_user.code)
