"""How it shows that somebody is gone: their rows leave every inbox, and nothing of theirs stays open."""

from __future__ import annotations

from chatapp.common.fragments import render_each_locale
from chatapp.common.realtime import broadcast
from chatapp.conversations.streams import publish_gone
from chatapp.privacy.events import ConversationErased, PersonErased


def remove_row(event: ConversationErased) -> None:
    """From every inbox; whoever has the conversation open sees that it is gone."""
    moment = event.occurred_at.timestamp()
    threads = dict(render_each_locale("privacy/thread_gone.stream.html"))
    for locale, row in render_each_locale("privacy/row_gone.stream.html", id=event.conversation_id, moment=moment):
        publish_gone(
            event.workspace_id, event.conversation_id, event.desks.split(), locale, row=row, thread=threads[locale]
        )


def close_sockets(event: PersonErased) -> None:
    broadcast.close_sockets(workspace_id=event.workspace_id, end_user_id=event.end_user_id)
