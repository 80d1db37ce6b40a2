"""The agents' socket: one per tab. It brings the inbox's rows, and the messages of the conversation that is open."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask_login import current_user

from chatapp.common import limits
from chatapp.common.db import db
from chatapp.common.errors import AppError
from chatapp.common.i18n import choose_locale, speaking
from chatapp.common.permissions import requires
from chatapp.common.realtime import topics
from chatapp.common.realtime.connection import Connection
from chatapp.common.realtime.frames import CloseCode
from chatapp.common.realtime.socket import Sock
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations import permissions
from chatapp.conversations import queries as conversation_queries
from chatapp.messages import queries as message_queries
from chatapp.workspaces.door import current_membership

bp = Blueprint("live", __name__)
sock = Sock()


@bp.before_request
def limit_handshakes() -> None:
    limits.hit(limits.SOCKETS, "sockets", limits.caller())


@sock.route("/socket", bp)
@requires(permissions.VIEW)
def socket(connection: Connection) -> None:
    """`?conversation=<id>&since=<revision>` opens with what was missed there."""
    membership = current_membership()
    agent = AgentSocket(connection, workspace_id=membership.workspace_id, locale=choose_locale())
    connection.identify(
        workspace_id=membership.workspace_id, user_id=membership.user_id, session_id=current_user.session_id
    )
    connection.subscribe(topics.inbox(agent.workspace_id, agent.locale))
    agent.watch(request.args.get("conversation"), request.args.get("since"))
    db.session.remove()
    connection.run(agent.receive)


class AgentSocket:
    """What one agent's tab listens to."""

    def __init__(self, connection: Connection, *, workspace_id: UUID, locale: str) -> None:
        self.connection = connection
        self.workspace_id = workspace_id
        self.locale = locale
        self._watched: topics.Topic | None = None

    def receive(self, text: str) -> None:
        """One of `FRAMES`, as a unit of work of its own."""
        message = _json_object(text)
        handle = FRAMES.get(str(message.get("type")))
        if handle is None:
            self.connection.close(CloseCode.POLICY, "Unknown message")
            return
        with unit_of_work(self.workspace_id):
            handle(self, message)

    def watch(self, conversation_id: object, since: object) -> None:
        """Listen to this conversation instead of the one before: subscribe first, then send what was missed."""
        if self._watched is not None:
            self.connection.unsubscribe(self._watched)
            self._watched = None
        if not conversation_id:
            return
        try:
            conversation = conversation_queries.conversation(UUID(str(conversation_id)))
            revision = int(str(since or 0))
        except (ValueError, AppError):
            return
        self._watched = topics.conversation_agents(self.workspace_id, conversation.id, self.locale)
        self.connection.subscribe(self._watched)
        missed = message_queries.since(conversation.id, revision)
        with speaking(self.locale):
            self.connection.send(
                render_template("messages/since.stream.html", conversation=conversation, messages=missed)
            )


def _json_object(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


FRAMES: dict[str, Callable[[AgentSocket, dict[str, Any]], None]] = {
    "watch": lambda agent, message: agent.watch(message.get("conversation_id"), message.get("since")),
}
"""What a tab may say. There is one thing: which conversation is open now."""
