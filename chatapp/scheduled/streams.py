"""How what waits in a conversation is shown live, to the agents who have it open."""

from __future__ import annotations

from chatapp.common.fragments import render_each_locale
from chatapp.conversations import queries as conversations
from chatapp.conversations.streams import publish_to_readers
from chatapp.conversations.visibility import unrestricted
from chatapp.scheduled import queries
from chatapp.scheduled.events import ScheduleChanged


def show_waiting(event: ScheduleChanged) -> None:
    with unrestricted(reason="made once for everybody who may see it"):
        conversation = conversations.conversation(event.conversation_id)
        waiting = queries.waiting(conversation.id)
    for locale, html in render_each_locale("scheduled/changed.stream.html", conversation=conversation, waiting=waiting):
        publish_to_readers(conversation, locale, html)
