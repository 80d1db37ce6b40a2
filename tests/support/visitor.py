"""A visitor without a browser: what a program of another kind does with the widget's JSON."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Visitor:
    """Opens a session at once. `send` makes a new `client_id` unless it is given one."""

    def __init__(self, client: FlaskClient, site_key: str, **init: Any) -> None:
        self.client = client
        self.answer = client.post("/widget/init", json={"key": site_key, **init})
        assert self.answer.status_code == 200, self.answer.text
        self.token: str = self.json["token"]

    @property
    def json(self) -> dict[str, Any]:
        """What `init` answered."""
        found: dict[str, Any] = self.answer.json
        return found

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, text: object = "hello", *, client_id: str | None = None, **more: object) -> TestResponse:
        return self.post("/widget/messages", {"client_id": client_id or str(uuid4()), "text": text, **more})

    def post(self, path: str, body: object) -> TestResponse:
        return self.client.post(path, json=body, headers=self.headers)

    def get(self, **query: object) -> TestResponse:
        """`GET /widget/messages`."""
        return self.client.get("/widget/messages", query_string=query, headers=self.headers)

    def texts(self, conversation_id: object) -> list[str]:
        """Everything in the conversation, as this visitor sees it."""
        return [message["text"] for message in self.get(conversation_id=conversation_id).json["messages"]]
