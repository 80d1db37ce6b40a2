"""Files are handed out whole or in parts, by links that end, and only on the address that is theirs."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from chatapp.attachments import links
from chatapp.common import storage
from tests.attachments.conftest import Agent, VisitorWithFiles
from tests.attachments.test_messages import path_of
from tests.factories import Company

CONTENT = bytes(range(256)) * 1000


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-99", 206, 0, 100),
        ("bytes=255000-", 206, 255_000, 256_000),
        ("bytes=-10", 206, 255_990, 256_000),
        ("bytes=0-999999", 200, 0, 256_000),
        ("bytes=0-1,5-6", 200, 0, 256_000),
        ("nonsense", 200, 0, 256_000),
    ],
)
def test_a_player_asks_for_parts(agent: Agent, asked: str, status: int, start: int, end: int) -> None:
    answer = agent.get(agent.uploaded(CONTENT)["id"], headers={"Range": asked})
    assert answer.status_code == status
    assert answer.data == CONTENT[start:end]
    assert answer.headers["Accept-Ranges"] == "bytes"
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/256000"


def test_a_part_beyond_the_end_is_refused(agent: Agent) -> None:
    answer = agent.get(agent.uploaded(CONTENT)["id"], headers={"Range": "bytes=256000-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */256000")


def test_a_link_is_the_same_for_hours_and_then_over(
    app: Flask, visitor: VisitorWithFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = visitor.send("Here", attachment_ids=[visitor.uploaded(b"mine")["id"]])
    urls = {visitor.attachments(sent.json["conversation_id"])[0]["url"] for _look in range(2)}
    assert len(urls) == 1
    path = path_of(urls.pop())
    anybody = app.test_client()
    assert anybody.get(path).data == b"mine"
    assert anybody.get(path[:-1] + ("x" if path[-1] != "x" else "y")).status_code == 404
    later = links.time.time() + 13 * 3600
    monkeypatch.setattr(links.time, "time", lambda: later)
    assert anybody.get(path).status_code == 404


def test_a_file_that_is_gone_is_not_there_and_a_storage_that_is_away_says_so(
    app: Flask, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = agent.uploaded(b"x")

    def missing(*_arguments: object) -> None:
        raise storage.FileMissingError

    def away(*_arguments: object) -> None:
        raise storage.StorageAwayError

    monkeypatch.setattr(app.extensions["chatapp.storage"], "read", missing)
    assert agent.get(facts["id"]).status_code == 404
    monkeypatch.setattr(app.extensions["chatapp.storage"], "read", away)
    assert agent.get(facts["id"]).status_code == 503
    monkeypatch.setattr(app.extensions["chatapp.storage"], "save", away)
    answer = agent.upload(b"x")
    assert answer.status_code == 503
    assert "Try again" in answer.text


@pytest.fixture
def with_address_of_their_own(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    config = replace(app.extensions["chatapp.config"], files_url="https://files.example")
    monkeypatch.setitem(app.extensions, "chatapp.config", config)
    return "https://files.example"


def test_files_may_have_an_address_of_their_own(
    app: Flask, agent: Agent, visitor: VisitorWithFiles, with_address_of_their_own: str
) -> None:
    facts = agent.uploaded(b"elsewhere")
    moved = agent.get(facts["id"])
    assert moved.status_code == 302
    assert moved.headers["Location"].startswith(f"{with_address_of_their_own}/files/")
    assert visitor.uploaded(b"x")["url"].startswith(with_address_of_their_own)
    policy = agent.client.get("/w/acme/inbox").headers["Content-Security-Policy"]
    assert f"img-src 'self' data: blob: {with_address_of_their_own};" in policy
    assert f"media-src 'self' blob: {with_address_of_their_own};" in policy
    there = app.test_client()
    assert there.get(path_of(moved.headers["Location"]), base_url=with_address_of_their_own).data == b"elsewhere"
    for path in ("/login", "/w/acme/inbox", "/widget.js", "/api/v1/workspaces", "/static/x"):
        assert there.get(path, base_url=with_address_of_their_own).status_code == 404, path


def test_a_flood_of_files_is_slowed(app: Flask, acme: Company, files: Callable[[], int]) -> None:
    visitors = [VisitorWithFiles(app.test_client(), acme.site_key) for _visitor in range(2)]
    answers = [visitors[number % 2].upload(b"x").status_code for number in range(21)]
    assert answers == [201] * 20 + [429]
    assert files() == 20
