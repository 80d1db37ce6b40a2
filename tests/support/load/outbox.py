"""What somebody has written and the server has not acknowledged: one at a time, in order, with one client_id."""

import time
import uuid
from collections import deque
from collections.abc import Callable

import gevent
from gevent.event import Event

from tests.support.history import History, Sent
from tests.support.load.network import Network, RefusedError, UnansweredError


class Outbox:
    """`deliver` sends one message and notes the acknowledgement on it, or raises."""

    def __init__(self, network: Network, history: History, deliver: Callable[[Sent], None]) -> None:
        self.network = network
        self.history = history
        self.deliver = deliver
        self._waiting: deque[Sent] = deque()
        self._filled = Event()
        self._emptied = Event()

    def start(self) -> None:
        gevent.spawn(self._work)

    def add(self, author: str, kind: str = "reply") -> Sent:
        sent = Sent(str(uuid.uuid4()), author, kind, invoked=time.monotonic())
        self.history.sent.append(sent)
        self._waiting.append(sent)
        self._emptied.clear()
        self._filled.set()
        return sent

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    @property
    def waiting(self) -> list[Sent]:
        return list(self._waiting)

    def wait_until_empty(self, seconds: float) -> bool:
        return self.is_empty or bool(self._emptied.wait(seconds))

    def _work(self) -> None:
        attempt = 0
        while True:
            while self._waiting:
                attempt = self._attempt(self._waiting[0], attempt)
            self._emptied.set()
            self._filled.wait()
            self._filled.clear()

    def _attempt(self, sent: Sent, attempt: int) -> int:
        sent.attempts += 1
        try:
            self.deliver(sent)
        except UnansweredError as error:
            self.network.nap(attempt, error.retry_after)
            return attempt + 1
        except RefusedError as error:
            sent.refused = str(error)
        self._waiting.popleft()
        return 0
