"""What a company wants to know about a conversation and its contact beside what everybody has."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from chatapp.attributes import queries as attributes
from chatapp.attributes.models import Attribute
from chatapp.common.clock import now
from chatapp.common.errors import AppError
from chatapp.conversations.models import Conversation
from chatapp.conversations.services.contacts import show_contact
from chatapp.conversations.services.telling import tell_changed
from chatapp.endusers import services as endusers
from chatapp.endusers.models import EndUser
from chatapp.workspaces.models import Membership


def fill_in(conversation: Conversation, attribute: Attribute, value: Any, *, by: Membership) -> bool:
    """Write a value down, as `attributes.values` reads it, or take it away with None; False if it was so."""
    if conversation.attributes.get(attribute.place) == value:
        return False
    conversation.attributes, conversation.changed_at = attribute.written(conversation.attributes, value), now()
    tell_changed(conversation, "attributes", f"agent:{by.user_id}")
    return True


def fill_in_contact(end_user: EndUser, attribute: Attribute, value: Any, *, by: Membership) -> None:
    """The same for a contact; it shows wherever a conversation of theirs is shown."""
    if endusers.fill_in(end_user, attribute, value):
        show_contact(end_user, by=by)


def demand_filled_in(conversation: Conversation) -> None:
    """Raises `AppError` 422 while something is missing that has to be known before it is closed."""
    missing = attributes.missing(conversation.attributes)
    if missing and not conversation.is_closed:
        names = ", ".join(f"“{attribute.name}”" for attribute in missing)
        raise AppError(
            422, _("Fill in %(names)s first: it must be known before this conversation is closed.", names=names)
        )
