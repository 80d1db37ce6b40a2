"""The visitor's socket: what concerns them in any of their conversations, under the same rules as the requests.

A parked socket costs no database session: each frame is a unit of work of its own, and an acknowledgement leaves only
after its commit.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from chatapp.common import limits
from chatapp.common.db import db
from chatapp.common.errors import DATABASE_AWAY, AppError, problem, unavailable
from chatapp.common.i18n import speaking
from chatapp.common.realtime import topics
from chatapp.common.realtime.connection import Connection
from chatapp.common.realtime.frames import CloseCode
from chatapp.common.unit_of_work import unit_of_work
from chatapp.messages import queries as message_queries
from chatapp.widget import actions, answers, payloads
from chatapp.widget.payloads import Payload
from chatapp.widget.visitors import Visitor, authenticate

AUTH_SECONDS = 10


class VisitorSocket:
    """What one open panel listens to, and says."""

    def __init__(self, connection: Connection, *, locale: str) -> None:
        self.connection = connection
        self.locale = locale
        self._token: str | None = None
        self._watched: topics.Topic | None = None

    def open(self) -> None:
        """Who does not say who they are within ten seconds is closed with 4401."""
        self.connection.close_unless_identified(within=AUTH_SECONDS)
        db.session.remove()
        self.connection.run(self.receive)

    def receive(self, text: str) -> None:
        """One frame. A refusal is an `error` frame with the `client_id` it is about; a bad token, or a chat that
        was shut, closes with 4401."""
        frame: Payload = {}
        with speaking(self.locale):
            try:
                frame = payloads.json_object(text)
                self._answer(frame)
            except AppError as error:
                self._refuse(frame, error)
            except DATABASE_AWAY:
                self._refuse(frame, unavailable())

    def _answer(self, frame: Payload) -> None:
        kind = frame.get("type")
        if self._token is None and kind != "auth":
            raise AppError(401, "")
        handle = FRAMES.get(kind) if isinstance(kind, str) else None
        if handle is None:
            raise AppError(400, "Unknown frame type.")
        token = str(frame.get("token", "")) if kind == "auth" else self._token
        with unit_of_work():
            visitor = authenticate(token or "")
            if kind != "send":  # which has a limit of its own
                limits.hit(limits.VISITOR_SIGNALS, "visitor-signals", str(visitor.id))
            answer = handle(self, visitor, frame)
        if answer is not None:
            self._send(answer)

    def _refuse(self, frame: Payload, error: AppError) -> None:
        if error.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            self.connection.close(CloseCode.UNAUTHENTICATED, "Not a valid token")
            return
        if self._token is None and error.status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.connection.close(CloseCode.TRY_AGAIN_LATER, "Not now")
            return
        body = {"type": "error", "client_id": frame.get("client_id"), **_without_type(problem(error))}
        if error.retry_after is not None:
            body["retry_after"] = error.retry_after
        self._send(body)

    def _send(self, body: dict[str, Any]) -> None:
        self.connection.send(json.dumps(body, separators=(",", ":")))

    # The frames

    def auth(self, visitor: Visitor, frame: Payload) -> dict[str, Any]:
        self._token = visitor.token.text
        workspace_id = visitor.project.workspace_id
        self.connection.identify(workspace_id=workspace_id, end_user_id=visitor.id)
        self.connection.subscribe(topics.visitor(workspace_id, visitor.id))
        return self.watch(visitor, frame) if frame.get("conversation_id") else {"type": "heartbeat", "seq": None}

    def watch(self, visitor: Visitor, frame: Payload) -> dict[str, Any]:
        """The conversation whose number the heartbeats tell from now on, and at once everything missed in it."""
        conversation = actions.own_conversation(visitor, frame)
        if self._watched is not None:
            self.connection.unsubscribe(self._watched)
        self._watched = topics.conversation_visitor(conversation.workspace_id, conversation.id)
        self.connection.subscribe(self._watched)
        missed = message_queries.since(conversation.id, payloads.whole_number(frame, "since") or 0, for_visitor=True)
        for message in missed:
            self._send({"type": "message", **answers.message_for_visitor(message, conversation)})
        return {"type": "heartbeat", "conversation_id": str(conversation.id), "seq": conversation.last_seq}

    def send(self, visitor: Visitor, frame: Payload) -> dict[str, Any]:
        answer, _is_new = actions.write(visitor, frame)
        return {"type": "ack", **answer}

    def typing(self, visitor: Visitor, frame: Payload) -> None:
        actions.show_typing(visitor, frame)

    def read(self, visitor: Visitor, frame: Payload) -> None:
        actions.mark_read(visitor, frame)


def _without_type(members: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if name != "type"}


FRAMES: dict[str, Callable[[VisitorSocket, Visitor, Payload], dict[str, Any] | None]] = {
    "auth": VisitorSocket.auth,
    "watch": VisitorSocket.watch,
    "send": VisitorSocket.send,
    "typing": VisitorSocket.typing,
    "read": VisitorSocket.read,
}
