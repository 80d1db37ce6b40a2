"""Block contacts and let them in again: what it means for their conversations."""

from __future__ import annotations

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
    with unrestricted(reason="nobody should wait for an answer to somebody who is blocked, whoever sees it"):
        for conversation in conversation_queries.unclosed_of_visitor(end_user.id):
            messages.close(conversation, by=by, anyway=True)
    conversations.show_contact(end_user, by=by)


def unblock(end_user: EndUser, *, by: Membership) -> None:
    """They may write again. Their conversations stay closed until they do."""
    if endusers.unblock(end_user):
        _record("contact.unblocked", end_user, by)
        conversations.show_contact(end_user, by=by)


def _record(action: str, end_user: EndUser, by: Membership) -> None:
    """Without their name: the log is never changed, and people are erased."""
    audit.record(action, by=by.user, target_id=end_user.id, target_name=end_user.code)
