"""A program that uses the API: a client without cookies, with a bearer token."""

from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.test import TestResponse

from chatapp.auth import services
from chatapp.auth.models import User
from chatapp.common.db import db
from chatapp.common.unit_of_work import unit_of_work

ROOT = "/api/v1"


class Program:
    """`get("/workspaces")`, `post("/auth/token", {…})`: paths are below the API's root, bodies are sent as JSON."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self._client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: Any) -> TestResponse:
        return self._client.get(ROOT + path, query_string=query, headers=self.headers)

    def post(self, path: str, body: object = None, **options: Any) -> TestResponse:
        return self._send("POST", path, body, options)

    def patch(self, path: str, body: object = None, **options: Any) -> TestResponse:
        return self._send("PATCH", path, body, options)

    def _send(self, method: str, path: str, body: object, options: dict[str, Any]) -> TestResponse:
        content = options if "data" in options else {"json": body, **options}
        return self._client.open(ROOT + path, method=method, headers=self.headers, **content)


def program_of(app: Flask, user_id: UUID) -> Program:
    """A program that has logged in as this user."""
    with app.app_context(), unit_of_work():
        user = db.session.get_one(User, user_id)
        return Program(app, services.issue_tokens(user).access_token)


def message_body(text: str = "Hello", **more: object) -> dict[str, object]:
    """A message with a `client_id` of its own."""
    return {"client_id": str(uuid4()), "text": text, **more}
