"""How a conversation's changes are shown live: its row in every inbox, and its head in the open thread.

A payload is made once per locale and published to every desk on which the conversation lies now: whoever may not see it
listens to none of them. Nothing else publishes about conversations to agents.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from uuid import UUID

from chatapp.common.fragments import render_each_locale
from chatapp.common.i18n import LOCALES
from chatapp.common.realtime import broadcast, topics
from chatapp.conversations import queries
from chatapp.conversations.events import ConversationChanged, ConversationReadByVisitor
from chatapp.conversations.models import Conversation
from chatapp.conversations.visibility import EVERYBODY, Desk, desks_of, unrestricted


def show_row(event: ConversationChanged) -> None:
    """Put the conversation's row, as it is now, into every inbox that may show it, and tell those it has left."""
    with unrestricted(reason="made once for everybody who may see it"):
        conversation = queries.conversation(event.conversation_id)
    publish_row(conversation)
    _publish_head(conversation)
    if event.what in ("attributes", "contact"):
        _publish_attributes(conversation)
    _tell_those_it_left(conversation, event.left.split())


def show_visitor_read(event: ConversationReadByVisitor) -> None:
    """Tell the agents in the thread how far the visitor has read."""
    with unrestricted(reason="made once for everybody who may see it"):
        conversation = queries.conversation(event.conversation_id)
    for locale, html in render_each_locale("conversations/read.stream.html", event=event):
        publish_to_readers(conversation, locale, html)


def publish_to_readers(conversation: Conversation, locale: str, payload: str) -> None:
    """To the agents who have the conversation open and may see it. Needs its `workspace`."""
    for desk in _listening(conversation):
        topic = topics.conversation_agents(conversation.workspace_id, conversation.id, locale, desk.key)
        broadcast.publish(topic, payload)


def hint_readers(conversation: Conversation, hint: dict[str, object]) -> None:
    """As `publish_to_readers`, for what is the same in every language and may be lost."""
    payload = json.dumps({**hint, "conversation_id": str(conversation.id)})
    for locale in LOCALES:
        publish_to_readers(conversation, locale, payload)


def publish_row(conversation: Conversation) -> None:
    """The conversation's row, as it is now, to every inbox that may show it. Needs its `workspace`."""
    for locale, html in render_each_locale("conversations/row.stream.html", conversation=conversation):
        for desk in _listening(conversation):
            topic = topics.inbox(conversation.workspace_id, locale, desk.key)
            broadcast.publish_latest(topic, str(conversation.id), html)


def publish_gone(
    workspace_id: UUID, conversation_id: UUID, desks: Collection[str], locale: str, *, row: str, thread: str
) -> None:
    """That a conversation is no more, to the inboxes that showed it and to those who had it open."""
    for desk in desks:
        broadcast.publish(topics.inbox(workspace_id, locale, desk), row)
        broadcast.publish(topics.conversation_agents(workspace_id, conversation_id, locale, desk), thread)


def _listening(conversation: Conversation) -> Collection[Desk]:
    """Where it lies. In a workspace where everybody sees everything, nobody listens to more than the one desk."""
    return desks_of(conversation) if conversation.workspace.has_narrow_roles else (EVERYBODY,)


def _tell_those_it_left(conversation: Conversation, desks: Collection[str]) -> None:
    """A hint without content: whoever gets it looks again, for they may see it on another desk of theirs."""
    hint = json.dumps({"type": "left", "conversation_id": str(conversation.id)})
    for desk in desks if conversation.workspace.has_narrow_roles else ():
        for locale in LOCALES:
            broadcast.publish(topics.inbox(conversation.workspace_id, locale, desk), hint)


def _publish_attributes(conversation: Conversation) -> None:
    filled = queries.attributes_of(conversation)
    stream = "conversations/attributes.stream.html"
    for locale, html in render_each_locale(stream, conversation=conversation, attributes=filled):
        publish_to_readers(conversation, locale, html)


def _publish_head(conversation: Conversation) -> None:
    for locale, html in render_each_locale("conversations/head.stream.html", conversation=conversation):
        publish_to_readers(conversation, locale, html)
    _tell_visitor(conversation)


def _tell_visitor(conversation: Conversation) -> None:
    """How far the team has read, and whether the conversation is open."""
    about = {"conversation_id": str(conversation.id)}
    status = "closed" if conversation.is_closed else "open"
    for frame in (
        {"type": "read", **about, "seq": conversation.agents_read_seq},
        {"type": "conversation", **about, "status": status},
    ):
        broadcast.publish(topics.visitor(conversation.workspace_id, conversation.reader_id), json.dumps(frame))
