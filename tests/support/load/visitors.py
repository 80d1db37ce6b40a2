"""Visitors: one device that writes, and perhaps a second one on which the same person only reads along."""

import json
import time
from typing import Any

from gevent.event import AsyncResult
from gevent.timeout import Timeout

from tests.support.history import History, Screen, Sent
from tests.support.load.network import Network, RefusedError, UnansweredError
from tests.support.load.outbox import Outbox
from tests.support.load.pages import Line, VisitorPage
from tests.support.load.wire import Wire

NOTE_MARK = "[[only for the team]]"  # in the text of every private note
_ACK_SECONDS = 15.0


class Visitor:
    """A widget. With `by_socket` messages go up the socket while there is one, otherwise by POST."""

    def __init__(self, name: str, network: Network, history: History, *, by_socket: bool) -> None:
        self.name = name
        self.network = network
        self.history = history
        self.by_socket = by_socket
        self.token = ""
        self.outbox = Outbox(network, history, self._deliver)
        self.wire = Wire(
            network,
            history,
            path=lambda: "/widget/socket",
            greeting=self._greeting,
            hear=self._hear,
            returned=self.refresh,
        )
        self.page: VisitorPage | None = None
        self._acks: dict[str, AsyncResult[dict[str, Any]]] = {}

    def open(self, key: str) -> None:
        """Raises `UnansweredError`."""
        self.token = self.network.ask("POST", "/widget/init", json_body={"key": key}).json()["token"]

    def write(self) -> None:
        self.outbox.add("visitor")

    def show(self, conversation: str) -> None:
        """Have this conversation on the screen from now on."""
        if self.page is None:
            screen = Screen(self.name, "visitor", conversation)
            self.history.screens.append(screen)
            self.page = VisitorPage(screen, self._fetch)
            self.page.sync()
            self.wire.start()

    def refresh(self) -> None:
        """Back from wherever: catch up at once."""
        if self.page is not None:
            self.page.sync()

    def _deliver(self, sent: Sent) -> None:
        by_socket = self.by_socket and self.wire.is_live
        ack = self._send(sent) if by_socket else self._post(sent)
        sent.acked, sent.conversation, sent.seq = time.monotonic(), ack["conversation_id"], ack["seq"]
        self.show(ack["conversation_id"])
        assert self.page is not None
        self.page.receive(Line(ack["id"], sent.client_id, ack["seq"], ack["seq"]))

    def _post(self, sent: Sent) -> dict[str, Any]:
        answer = self.network.ask(
            "POST", "/widget/messages", json_body=self._body(sent), Authorization=f"Bearer {self.token}"
        )
        return self._checked(answer.text)

    def _send(self, sent: Sent) -> dict[str, Any]:
        result = self._acks[sent.client_id] = AsyncResult()
        try:
            self.wire.send(json.dumps({"type": "send", **self._body(sent)}))
            frame = result.get(timeout=_ACK_SECONDS)
        except Timeout as error:
            raise UnansweredError("no ack") from error
        finally:
            del self._acks[sent.client_id]
        self.history.answers[f"socket {frame.get('status', 'ack')}"] += 1
        if frame["type"] == "ack":
            return frame
        if frame["status"] >= 500 or frame["status"] == 429:
            raise UnansweredError("socket error", frame.get("retry_after", 0))
        raise RefusedError(str(frame))

    def _body(self, sent: Sent) -> dict[str, Any]:
        body = {"client_id": sent.client_id, "text": f"Message {sent.client_id}"}
        return body | ({"conversation_id": self.page.screen.conversation} if self.page else {})

    def _greeting(self) -> str:
        page = self.page
        where = {"conversation_id": page.screen.conversation, "since": page.last} if page else {}
        return json.dumps({"type": "auth", "token": self.token, **where})

    def _fetch(self, since: int) -> None:
        assert self.page is not None
        while True:
            path = f"/widget/messages?conversation_id={self.page.screen.conversation}&since={since}"
            answer = self._checked(self.network.ask("GET", path, Authorization=f"Bearer {self.token}").text)
            for message in answer["messages"]:
                self.page.put(_line(message))
            self.page.reach(answer["seq"])
            if not answer.get("more"):
                return
            since = self.page.last

    def _hear(self, text: str) -> None:
        frame, page = self._checked(text), self.page
        if frame.get("client_id") in self._acks and frame["type"] in ("ack", "error"):
            self._acks[frame["client_id"]].set(frame)
        if page is None or frame.get("conversation_id", page.screen.conversation) != page.screen.conversation:
            return
        match frame["type"]:
            case "message" | "message.updated":
                page.receive(_line(frame))
            case "heartbeat":
                page.notice(frame["seq"])
            case "resync":
                page.sync()

    def _checked(self, text: str) -> dict[str, Any]:
        """What came down the line, after a look at whether it was for visitors at all."""
        if NOTE_MARK in text:
            self.history.overheard.append(f"{self.name}: {text[:300]}")
        found: dict[str, Any] = json.loads(text)
        return found


def _line(message: dict[str, Any]) -> Line:
    return Line(message["id"], message["client_id"], message["seq"], message.get("revision", message["seq"]))
