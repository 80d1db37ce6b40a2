"""The visitor's socket, on a real server: who may listen, what they hear, and what they may say."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID, uuid4

import pytest
from websocket import WebSocket, WebSocketBadStatusException, create_connection

from chatapp.common.ids import uuid7
from chatapp.conversations import queries as conversations
from chatapp.messages import services
from tests.factories import Company, inside, make_company
from tests.support.live import LiveServer
from tests.support.visitor import Visitor


class Socket:
    """An open socket that speaks JSON."""

    def __init__(self, server: LiveServer, **options: object) -> None:
        url = server.url.replace("http", "ws") + "/widget/socket"
        self._socket: WebSocket = create_connection(url, timeout=5, **{"suppress_origin": True, **options})

    def say(self, frame: object) -> None:
        self._socket.send(frame if isinstance(frame, str) else json.dumps(frame))

    def hear(self) -> dict[str, Any]:
        """The next frame."""
        opcode, data = self._socket.recv_data()
        if opcode == 8:
            return {"closed": int.from_bytes(data[:2])}
        found: dict[str, Any] = json.loads(data)
        return found

    def hear_until(self, kind: str) -> dict[str, Any]:
        """The next frame of this type; others on the way are dropped."""
        while (frame := self.hear()).get("type") != kind:
            assert "closed" not in frame, frame
        return frame

    def ask(self, frame: object) -> dict[str, Any]:
        self.say(frame)
        return self.hear()

    def close(self) -> None:
        self._socket.shutdown()


@pytest.fixture
def acme(live_server: LiveServer) -> Company:
    return make_company(live_server.app)


@pytest.fixture
def visitor(live_server: LiveServer, acme: Company) -> Visitor:
    return Visitor(live_server.app.test_client(), acme.site_key)


@pytest.fixture
def open_socket(live_server: LiveServer) -> Iterator[Callable[..., Socket]]:
    opened: list[Socket] = []

    def make(**options: object) -> Socket:
        opened.append(Socket(live_server, **options))
        return opened[-1]

    yield make
    for socket in opened:
        socket.close()


@pytest.fixture
def socket(open_socket: Callable[..., Socket], visitor: Visitor) -> Socket:
    """Open and authenticated, with no conversation yet."""
    found = open_socket()
    assert found.ask({"type": "auth", "token": visitor.token})["type"] == "heartbeat"
    return found


def reply(server: LiveServer, acme: Company, conversation_id: str, text: str, *, private: bool = False) -> None:
    with inside(server.app, acme) as here:
        conversation = conversations.conversation(UUID(conversation_id))
        services.send_reply(conversation, by=here.member("agent"), text=text, client_id=uuid7(), private=private)


def send_frame(text: str = "hello", **more: object) -> dict[str, object]:
    return {"type": "send", "client_id": str(uuid4()), "text": text, **more}


def test_a_reply_arrives_and_a_private_note_does_not(
    live_server: LiveServer, acme: Company, visitor: Visitor, socket: Socket
) -> None:
    conversation_id = visitor.send("hello").json["conversation_id"]
    assert socket.hear_until("message")["text"] == "hello"
    reply(live_server, acme, conversation_id, "between us", private=True)
    reply(live_server, acme, conversation_id, "Hi!")
    message = socket.hear_until("message")
    assert (message["text"], message["seq"], message["conversation_id"]) == ("Hi!", 3, conversation_id)
    assert message["author"]["type"] == "agent"


def test_what_was_missed_comes_first_and_then_what_is_new(
    live_server: LiveServer, acme: Company, visitor: Visitor, open_socket: Callable[..., Socket]
) -> None:
    conversation_id = visitor.send("one").json["conversation_id"]
    reply(live_server, acme, conversation_id, "two")
    late = open_socket()
    late.say({"type": "auth", "token": visitor.token, "conversation_id": conversation_id, "since": 1})
    assert late.hear()["text"] == "two"
    heartbeat = late.hear()
    assert (heartbeat["type"], heartbeat["seq"]) == ("heartbeat", 2)
    reply(live_server, acme, conversation_id, "three")
    assert late.hear_until("message")["text"] == "three"


def test_a_message_sent_by_socket_is_acknowledged_once_it_is_stored(visitor: Visitor, socket: Socket) -> None:
    frame = send_frame("by socket")
    socket.say(frame)
    ack = socket.hear_until("ack")
    assert (ack["client_id"], ack["seq"]) == (frame["client_id"], 1)
    assert visitor.texts(ack["conversation_id"]) == ["by socket"]
    socket.say(frame)
    assert socket.hear_until("ack") == ack
    socket.say({**frame, "text": "other"})
    error = socket.hear_until("error")
    assert (error["status"], error["client_id"]) == (409, frame["client_id"])


@pytest.mark.parametrize("text", ["", "  ", None, 7, "x" * 4001])
def test_a_bad_message_is_answered_by_an_error_about_it(socket: Socket, text: str) -> None:
    frame = send_frame(text)
    error = socket.ask(frame)
    assert (error["type"], error["status"], error["client_id"]) == ("error", 422, frame["client_id"])
    assert error["detail"]


@pytest.mark.parametrize("frame", ["", "{", "[]", "7", '{"type":"bogus"}', '{"type":["auth"]}', "{}"])
def test_nonsense_is_400_and_the_socket_lives(socket: Socket, frame: str) -> None:
    assert socket.ask(frame)["status"] == 400
    socket.say(send_frame("still here"))
    assert socket.hear_until("ack")["seq"] == 1


@pytest.mark.parametrize("kind", ["watch", "send", "typing", "read"])
def test_somebody_elses_conversation_does_not_exist(acme: Company, socket: Socket, kind: str) -> None:
    error = socket.ask({**send_frame(), "type": kind, "conversation_id": str(acme.conversation_id)})
    assert (error["type"], error["status"]) == ("error", 404)


def test_another_visitors_messages_are_not_heard(
    live_server: LiveServer, acme: Company, visitor: Visitor, socket: Socket
) -> None:
    other = Visitor(live_server.app.test_client(), acme.site_key)
    other.send("a stranger's secret")
    visitor.send("mine")
    assert socket.hear_until("message")["text"] == "mine"


@pytest.mark.parametrize("first", [{"type": "auth", "token": "forged"}, {"type": "auth"}, send_frame(), "nonsense"])
def test_who_does_not_begin_with_a_good_token_is_sent_away(
    acme: Company, open_socket: Callable[..., Socket], first: object
) -> None:
    socket = open_socket()
    socket.say(first)
    frame = socket.hear()
    assert frame == {"closed": 4401} or (first == "nonsense" and frame["status"] == 400)


def test_the_origin_is_looked_at_before_the_upgrade(
    live_server: LiveServer, open_socket: Callable[..., Socket]
) -> None:
    with pytest.raises(WebSocketBadStatusException) as refused:
        open_socket(suppress_origin=False, origin="https://evil.example")
    assert refused.value.status_code == 403
    open_socket(suppress_origin=False, origin=live_server.url)


def test_the_twenty_first_socket_in_a_minute_waits(acme: Company, open_socket: Callable[..., Socket]) -> None:
    for _ in range(20):
        open_socket()
    with pytest.raises(WebSocketBadStatusException) as refused:
        open_socket()
    assert refused.value.status_code == 429
    assert refused.value.resp_headers is not None
    assert int(refused.value.resp_headers["retry-after"]) > 0


def test_frames_and_requests_share_one_limit(visitor: Visitor, socket: Socket) -> None:
    for number in range(19):
        assert visitor.send(str(number)).status_code == 201
    socket.say(send_frame("the twentieth"))
    socket.hear_until("ack")
    socket.say(send_frame("too much"))
    error = socket.hear_until("error")
    assert error["status"] == 429
    assert error["retry_after"] > 0
    assert visitor.send("too much").status_code == 429


def test_closing_and_reading_by_the_team_are_told(
    live_server: LiveServer, acme: Company, visitor: Visitor, socket: Socket
) -> None:
    conversation_id = visitor.send("hello").json["conversation_id"]
    with inside(live_server.app, acme) as here:
        services.close(conversations.conversation(UUID(conversation_id)), by=here.member("agent"))
    assert socket.hear_until("conversation")["status"] == "closed"


def test_a_long_poll_answers_as_soon_as_something_comes(
    live_server: LiveServer, acme: Company, visitor: Visitor
) -> None:
    conversation_id = visitor.send("hello").json["conversation_id"]
    url = f"{live_server.url}/widget/messages?conversation_id={conversation_id}&since=1&wait=20"
    answers: list[dict[str, Any]] = []

    def poll() -> None:
        with urlopen(Request(url, headers=visitor.headers), timeout=30) as answer:
            answers.append(json.load(answer))

    waiting = threading.Thread(target=poll)
    began = time.monotonic()
    waiting.start()
    waiting.join(1)
    assert waiting.is_alive(), "it did not wait"
    reply(live_server, acme, conversation_id, "here I am")
    waiting.join(10)
    assert [message["text"] for message in answers[0]["messages"]] == ["here I am"]
    assert time.monotonic() - began < 10
