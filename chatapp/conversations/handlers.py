"""What conversations do when something happens elsewhere, and afterwards."""

from __future__ import annotations

from chatapp.attributes import forgetting
from chatapp.attributes.events import AttributeDeleted
from chatapp.conversations import queries
from chatapp.conversations.events import FirstResponseGiven
from chatapp.conversations.models import Conversation
from chatapp.projects import queries as project_queries
from chatapp.projects import services as project_services


def forget_attribute(event: AttributeDeleted) -> None:
    """What conversations had under an attribute that is gone: some rows, then the next in another transaction."""
    if event.subject == "conversations":
        forgetting.go_on(Conversation, event)


def tell_project_its_reply_time(event: FirstResponseGiven) -> None:
    """Visitors are told the median of the latest first responses."""
    seconds = queries.typical_first_response(event.project_id)
    if seconds is not None:
        project_services.note_reply_time(project_queries.project(event.project_id), seconds=seconds)
