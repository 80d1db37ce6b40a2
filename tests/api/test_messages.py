"""Messages through the API: works, by role, from outside, and with nonsense."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chatapp.common.clock import now, rfc3339
from tests.factories import Company
from tests.support.programs import Program, message_body


def path(of: Company) -> str:
    return f"/w/{of.slug}/conversations/{of.conversation_id}/messages"


def texts(answer: Any) -> list[str]:
    return [message["text"] for message in answer.get_json()["data"]]


def test_a_message_is_written_once_however_often_it_is_sent(agent: Program, acme: Company) -> None:
    body = message_body("At your service")
    first, again = agent.post(path(acme), body), agent.post(path(acme), body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert first.get_json()["author"] == {"type": "agent", "name": "Agent", "avatar_url": None}
    assert texts(agent.get(path(acme))) == ["hello acme", "At your service"]


def test_a_message_can_wait_for_its_moment(agent: Program, acme: Company) -> None:
    body = message_body("Good morning") | {"send_at": "2126-11-26T09:00:00Z"}
    assert agent.post(path(acme), body).get_json()["errors"].keys() == {"send_at"}
    body |= {"send_at": rfc3339(now() + timedelta(days=1))}
    first, again = agent.post(path(acme), body), agent.post(path(acme), body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert first.get_json().items() >= body.items()
    assert agent.post(path(acme), body | {"text": "Good evening"}).status_code == 409
    assert agent.post(path(acme), message_body("A note") | body | {"private": True}).status_code == 422
    assert texts(agent.get(path(acme))) == ["hello acme"]


@pytest.mark.parametrize("other", [{"text": "Something else"}, {"private": True}])
def test_another_message_under_the_same_client_id_is_refused(
    agent: Program, acme: Company, other: dict[str, object]
) -> None:
    body = message_body("At your service")
    assert agent.post(path(acme), body).status_code == 201
    assert agent.post(path(acme), body | other).status_code == 409
    assert texts(agent.get(path(acme))) == ["hello acme", "At your service"]


def test_a_private_message_is_a_note(agent: Program, acme: Company) -> None:
    assert agent.post(path(acme), message_body(private=True)).get_json()["kind"] == "note"


def test_messages_come_in_pages_of_older_ones(agent: Program, acme: Company) -> None:
    for number in range(4):
        agent.post(path(acme), message_body(str(number)))
    latest = agent.get(path(acme), limit=2)
    assert (texts(latest), latest.get_json()["seq"]) == (["2", "3"], 5)
    older = agent.get(path(acme), limit=2, before=latest.get_json()["next_cursor"])
    assert texts(older) == ["0", "1"]
    oldest = agent.get(path(acme), limit=2, before=older.get_json()["next_cursor"])
    assert (texts(oldest), oldest.get_json()["next_cursor"]) == (["hello acme"], None)


def test_catching_up_misses_nothing(agent: Program, acme: Company) -> None:
    for number in range(3):
        agent.post(path(acme), message_body(str(number)))
    first = agent.get(path(acme), since=1, limit=2)
    assert texts(first) == ["0", "1"]
    rest = agent.get(path(acme), since=first.get_json()["next_cursor"], limit=2)
    assert (texts(rest), rest.get_json()["next_cursor"]) == (["2"], None)
    assert first.get_json()["epoch"] == rest.get_json()["epoch"]


def test_a_viewer_reads_and_does_not_write(as_role: Callable[[str], Program], acme: Company) -> None:
    viewer = as_role("viewer")
    assert viewer.post(path(acme), message_body()).status_code == 403
    assert texts(viewer.get(path(acme))) == ["hello acme"]


@pytest.mark.parametrize("role", ["owner", "admin", "agent"])
def test_everybody_else_writes(as_role: Callable[[str], Program], acme: Company, role: str) -> None:
    assert as_role(role).post(path(acme), message_body()).status_code == 201


def test_outsiders_neither_read_nor_write(agent: Program, outsider: Program, acme: Company, globex: Company) -> None:
    across = path(acme).replace("acme", "globex")
    for address in (path(acme), across):
        assert outsider.get(address).status_code == 404
        assert outsider.post(address, message_body()).status_code == 404
    assert texts(agent.get(path(acme))) == ["hello acme"]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"text": "Hello"}, {"client_id"}),
        (message_body(text=""), {"text"}),
        (message_body(text=" \n"), {"text"}),
        (message_body(text=5), {"text"}),
        (message_body(text="\ud83d"), {"text"}),
        (message_body(text="x" * 10_001), {"text"}),
        (message_body(private="yes"), {"private"}),
        (message_body(private=None), {"private"}),
        (message_body(client_id="7"), {"client_id"}),
        (message_body(client_id=[str(uuid4())]), {"client_id"}),
        (message_body(seq=1, author_type="visitor"), {"seq", "author_type"}),
        (message_body(attachment_ids="7"), {"attachment_ids"}),
        (message_body(attachment_ids=["7"]), {"attachment_ids"}),
        (message_body(attachment_ids=[str(uuid4())] * 11), {"attachment_ids"}),
        (message_body(files=[]), {"files"}),
    ],
)
def test_a_body_that_is_not_right_is_refused_by_field(
    agent: Program, acme: Company, body: object, names: set[str]
) -> None:
    answer = agent.post(path(acme), body)
    assert answer.status_code == 422
    assert answer.get_json()["errors"].keys() == names
    assert texts(agent.get(path(acme))) == ["hello acme"]


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff\xfe\xfd", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": ' + b"1" * 5000 + b"}", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b"text=Hello", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"{" + b" " * 1024 * 1024, "application/json", 413),
    ],
    ids=["cut", "empty", "no text", "deep", "long number", "list", "null", "form", "plain", "large"],
)
def test_what_is_not_json_is_refused(
    agent: Program, acme: Company, content: bytes, content_type: str, status: int
) -> None:
    answer = agent.post(path(acme), data=content, content_type=content_type)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("query", [{"since": "-1"}, {"before": "x"}, {"since": 1, "before": 2}, {"page": 2}])
def test_nonsense_in_the_query_is_refused(agent: Program, acme: Company, query: dict[str, object]) -> None:
    assert agent.get(path(acme), **query).status_code == 400
