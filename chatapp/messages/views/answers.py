"""What changing a conversation answers."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from chatapp.common.errors import AppError
from chatapp.common.htmx import trigger
from chatapp.conversations import queries as conversation_queries
from chatapp.conversations.models import Conversation
from chatapp.messages import queries


def as_it_is_now(conversation: Conversation) -> Response:
    """The thread's head and the conversation's row as they are now, as the socket would bring them.

    Whoever gives a conversation away may not see it any more: their page is told so.
    """
    if not conversation_queries.in_sight(conversation.id):
        return _left(conversation)
    fresh = conversation_queries.conversation(conversation.id)
    rows = queries.since(conversation.id, number_in_query("since") or conversation.last_seq - 1)
    return make_response(render_template("conversations/changed.html", conversation=fresh, messages=rows))


def _left(conversation: Conversation) -> Response:
    return trigger(make_response("", 200), "live:left", {"conversation_id": str(conversation.id)})


def number_in_query(name: str) -> int | None:
    """A whole number of the address; None if it is left out. Raises `AppError` 400."""
    raw = request.args.get(name)
    if raw is None:
        return None
    if not raw.isdigit() or len(raw) > 9:
        raise AppError(400, _("The request could not be read."))
    return int(raw)
