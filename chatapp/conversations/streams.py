"""How a conversation's changes are shown live: its row in every inbox, and its head in the open thread."""

from __future__ import annotations

import json

from chatapp.common.fragments import render_each_locale
from chatapp.common.realtime import broadcast, topics
from chatapp.conversations import queries
from chatapp.conversations.events import ConversationChanged, ConversationReadByVisitor
from chatapp.conversations.models import Conversation


def show_row(event: ConversationChanged) -> None:
    """Put the conversation's row, as it is now, into every inbox of the workspace."""
    conversation = queries.conversation(event.conversation_id)
    publish_row(conversation)
    _publish_head(conversation)


def show_visitor_read(event: ConversationReadByVisitor) -> None:
    """Tell the agents in the thread how far the visitor has read."""
    for locale, html in render_each_locale("conversations/read.stream.html", event=event):
        broadcast.publish(topics.conversation_agents(event.workspace_id, event.conversation_id, locale), html)


def publish_row(conversation: Conversation) -> None:
    """The conversation's row, as it is now, to every inbox of its workspace."""
    for locale, html in render_each_locale("conversations/row.stream.html", conversation=conversation):
        broadcast.publish_latest(topics.inbox(conversation.workspace_id, locale), str(conversation.id), html)


def _publish_head(conversation: Conversation) -> None:
    for locale, html in render_each_locale("conversations/head.stream.html", conversation=conversation):
        topic = topics.conversation_agents(conversation.workspace_id, conversation.id, locale)
        broadcast.publish(topic, html)
    _tell_visitor(conversation)


def _tell_visitor(conversation: Conversation) -> None:
    """How far the team has read, and whether the conversation is open."""
    about = {"conversation_id": str(conversation.id)}
    status = "closed" if conversation.is_closed else "open"
    for frame in (
        {"type": "read", **about, "seq": conversation.agents_read_seq},
        {"type": "conversation", **about, "status": status},
    ):
        broadcast.publish(topics.visitor(conversation.workspace_id, conversation.end_user_id), json.dumps(frame))
