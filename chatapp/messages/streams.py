"""How a message is shown live: rendered once per audience and locale, never once per viewer."""

from __future__ import annotations

import json

from chatapp.common.fragments import render_each_locale
from chatapp.common.realtime import broadcast, topics
from chatapp.conversations.streams import publish_row, publish_to_readers
from chatapp.conversations.visibility import unrestricted
from chatapp.messages import queries, wire
from chatapp.messages.events import MessageChanged, MessageCreated
from chatapp.messages.models import Message


def show_message(event: MessageCreated) -> None:
    """Push a new message to the agents who have its conversation open, to the visitor if it is theirs to see, and the
    conversation's row, which it moved, to every inbox."""
    with unrestricted(reason="made once for everybody who may see it"):
        message = queries.message_for_display(event.message_id)
    _show_agents(message)
    _show_visitor(message, "message")
    publish_row(message.conversation)


def show_change(event: MessageChanged) -> None:
    """The same for what was edited or deleted: in the thread, in the visitor's if it is theirs to see, and in the row
    whose first words it may have been; a card stands in no row."""
    with unrestricted(reason="made once for everybody who may see it"):
        message = queries.message_for_display(event.message_id)
    _show_agents(message)
    _show_visitor(message, "message.updated")
    if event.what != "card":
        publish_row(message.conversation)


def _show_agents(message: Message) -> None:
    for locale, html in render_each_locale("messages/created.stream.html", message=message):
        publish_to_readers(message.conversation, locale, html)


def _show_visitor(message: Message, kind: str) -> None:
    if message.is_private:
        return
    topic = topics.visitor(message.workspace_id, message.conversation.reader_id)
    broadcast.publish(topic, json.dumps(wire.frame(kind, message)))
