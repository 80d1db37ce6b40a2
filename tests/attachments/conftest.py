"""A company with an agent and a visitor who have files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.auth.conftest import logged_in
from tests.factories import Company, make_company
from tests.support.visitor import Visitor
from tests.support.web_client import ORIGIN, csrf_token


class Agent:
    """Sends files and messages into the company's conversation, as the composer does."""

    def __init__(self, client: FlaskClient, company: Company) -> None:
        self.client, self.root = client, f"/w/{company.slug}"
        self.thread = f"{self.root}/conversations/{company.conversation_id}"
        self.headers = {"Origin": ORIGIN, "X-CSRFToken": csrf_token(client), "HX-Request": "true"}

    def upload(self, content: bytes, name: str = "file", **options: Any) -> TestResponse:
        options = {"query_string": {"name": name}, "data": content, "headers": self.headers} | options
        return self.client.post(f"{self.thread}/attachments", **options)

    def uploaded(self, content: bytes, name: str = "file") -> dict[str, Any]:
        """What the server says of it."""
        return _accepted(self.upload(content, name))

    def send(self, *ids: str, text: str = "", client_id: str | None = None, **more: str) -> TestResponse:
        form = {"text": text, "client_id": client_id or str(uuid4()), "attachment_ids": list(ids), **more}
        return self.client.post(f"{self.thread}/messages", data=form, headers=self.headers)

    def get(self, attachment_id: str, **options: Any) -> TestResponse:
        return self.client.get(f"{self.root}/attachments/{attachment_id}", **options)


class VisitorWithFiles(Visitor):
    """Sends files ahead of messages, as the widget does."""

    def upload(self, content: bytes, name: str = "file") -> TestResponse:
        return self.client.post("/widget/attachments", query_string={"name": name}, data=content, headers=self.headers)

    def uploaded(self, content: bytes, name: str = "file") -> dict[str, Any]:
        return _accepted(self.upload(content, name))

    def attachments(self, conversation_id: object) -> list[dict[str, Any]]:
        """What the last message that they see has."""
        found: list[dict[str, Any]] = self.get(conversation_id=conversation_id).json["messages"][-1]["attachments"]
        return found


def _accepted(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    facts: dict[str, Any] = answer.get_json()
    return facts


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


@pytest.fixture
def globex(app: Flask) -> Company:
    return make_company(app, "globex")


@pytest.fixture
def as_member(app: Flask, acme: Company) -> Callable[[str], Agent]:
    return lambda role: Agent(logged_in(app, acme.email(role)), acme)


@pytest.fixture
def agent(as_member: Callable[[str], Agent]) -> Agent:
    return as_member("agent")


@pytest.fixture
def visitor(app: Flask, acme: Company) -> VisitorWithFiles:
    return VisitorWithFiles(app.test_client(), acme.site_key)


@pytest.fixture
def files(app: Flask) -> Callable[[], int]:
    """How many files lie in the storage beyond those that lay there before."""
    folder = Path(app.extensions["chatapp.config"].files_dir)

    def count() -> int:
        return sum(path.is_file() for path in folder.rglob("*"))

    before = count()
    return lambda: count() - before
