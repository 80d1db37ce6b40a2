"""Who a conversation is with, as far as agents know."""

from __future__ import annotations

from chatapp.common.clock import now
from chatapp.conversations import queries
from chatapp.conversations.services.telling import tell_changed
from chatapp.conversations.visibility import unrestricted
from chatapp.endusers import queries as enduser_queries
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EndUser
from chatapp.workspaces.models import Membership


def describe_contact(end_user: EndUser, *, by: Membership, **facts: str | None) -> None:
    """Write down who a contact is, by `endusers.services.FACTS`; show it wherever a conversation of theirs is shown."""
    end_user = enduser_queries.locked(end_user.id)
    if endusers.describe(end_user, **facts):
        show_contact(end_user, by=by)


def show_contact(end_user: EndUser, *, by: Membership) -> None:
    """Show what is new about a contact wherever a conversation of theirs is shown."""
    with unrestricted(reason="whoever sees another conversation of theirs sees their name, too"):
        for conversation in queries.locked_of_contact(end_user.id):
            conversation.changed_at = now()
            tell_changed(conversation, "contact", f"agent:{by.user_id}")
