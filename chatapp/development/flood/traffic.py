"""Sends the messages: at the given rate whatever the server does, as people would, and keeps count."""

import http.client
import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from chatapp.development.flood.visitors import Crowd, Visitor

PATIENCE_SECONDS = 10.0
MOST_CONNECTIONS = 64
_ACCEPTED = (200, 201)


@dataclass
class Tally:
    """What became of the messages. Times are seconds from the moment a message was due to its acknowledgement."""

    times: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def failed(self) -> int:
        return sum(self.failures.values())

    def acked(self, seconds: float) -> None:
        with self._lock:
            self.times.append(seconds)

    def fail(self, reason: str) -> None:
        with self._lock:
            self.failures[reason] = self.failures.get(reason, 0) + 1

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def flood(url: str, crowd: Crowd, *, rate: float, seconds: float) -> Tally:
    """Write `rate` messages a second for `seconds`, and return when the last one is answered or given up."""
    tally, line = Tally(), _Line(url)
    began = time.monotonic()
    with ThreadPoolExecutor(MOST_CONNECTIONS) as senders:
        for number in range(int(rate * seconds)):
            due = began + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            senders.submit(_write, line, crowd, tally, due)
    return tally


def _write(line: "_Line", crowd: Crowd, tally: Tally, due: float) -> None:
    visitor = crowd.take()
    message = {"client_id": str(uuid.uuid4()), "text": visitor.next_text()}
    if visitor.conversation_id:
        message["conversation_id"] = visitor.conversation_id
    reason = _send_until_acked(line, visitor, message)
    if reason is None:
        tally.acked(time.monotonic() - due)
    else:
        tally.fail(reason)
    crowd.give_back(visitor)


def _send_until_acked(line: "_Line", visitor: Visitor, message: dict[str, str]) -> str | None:
    """Try again while the server is away, always with the same `client_id`. Answers why it was given up, or None."""
    gives_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        status, answer = line.post("/widget/messages", message, token=visitor.token)
        if status in _ACCEPTED:
            visitor.conversation_id = answer["conversation_id"]
            return None
        if 400 <= status < 500 or time.monotonic() > gives_up_at:
            return f"status {status}" if status else "no answer"
        time.sleep(0.25)


class _Line(threading.local):
    """One kept-alive connection for each thread."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)

    def post(self, path: str, body: dict[str, str], *, token: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON; status 0 when the server cannot be reached."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            self._connection.request("POST", path, json.dumps(body), headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (http.client.HTTPException, OSError):
            self._connection.close()
            return 0, {}
        return answer.status, json.loads(content) if answer.status in _ACCEPTED else {}
