"""One client's way to the server: requests, sockets, and the plug that can be pulled."""

import http.client
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import gevent
import websocket
from gevent.event import Event

_PATIENCE = 15.0
_NOT_YET = {408, 429}


class UnansweredError(Exception):
    """Worth trying again unchanged: nobody answered, or the server had a bad moment."""

    def __init__(self, why: str, retry_after: float = 0) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class RefusedError(Exception):
    """The server said no for good."""


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Router:
    """What stands in front of the web: it leads each new connection to whoever serves now."""

    url: str
    file: Path

    def follow(self) -> None:
        """Look for ever whether another web has taken over."""
        while True:
            self.url = self.file.read_text()
            gevent.sleep(0.1)


@dataclass
class Network:
    """A browser's connection pool of one. `answers` counts how requests ended."""

    router: Router
    answers: Counter[str]
    cookie: str = ""
    is_up: bool = True
    sockets: set[websocket.WebSocket] = field(default_factory=set)
    back: Event = field(default_factory=Event)
    _idle: list[http.client.HTTPConnection] = field(default_factory=list)

    def ask(self, method: str, path: str, *, json_body: object = None, form: object = None, **headers: str) -> Answer:
        """Raises `UnansweredError` or `RefusedError`."""
        body, kind = None, {}
        if json_body is not None:
            body, kind = json.dumps(json_body), {"Content-Type": "application/json"}
        elif form is not None:
            body, kind = urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._exchange(method, path, body, {**kind, **self._identity(), **headers})
        self.answers[str(answer.status)] += 1
        if answer.status >= 500 or answer.status in _NOT_YET:
            raise UnansweredError(str(answer.status), float(answer.headers.get("Retry-After") or 0))
        if answer.status >= 400:
            raise RefusedError(f"{answer.status} to {method} {path}: {answer.text[:200]}")
        return answer

    def open_socket(self, path: str) -> websocket.WebSocket:
        """A socket after the handshake. Raises `UnansweredError`."""
        if not self.is_up:
            raise UnansweredError("offline")
        origin = self.router.url
        address = origin.replace("http", "ws", 1) + path
        try:
            opened = websocket.create_connection(address, timeout=_PATIENCE, origin=origin, cookie=self.cookie)
        except (OSError, websocket.WebSocketException) as error:
            raise UnansweredError(type(error).__name__) from error
        self.sockets.add(opened)
        return opened

    def cut(self) -> None:
        """Pull the plug: nothing comes through and nobody is told."""
        self.is_up = False
        self.back.clear()
        while self._idle:
            self._idle.pop().close()
        for opened in tuple(self.sockets):
            opened.shutdown()

    def restore(self) -> None:
        self.is_up = True
        self.back.set()

    def nap(self, attempt: int, retry_after: float = 0) -> None:
        """The widget's patience between attempts; coming online ends it early."""
        self.back.wait(retry_after or min(15, 2**attempt) * random.uniform(0.5, 1.5))
        if self.is_up:
            self.back.clear()
        else:
            gevent.sleep(0.2)

    def _identity(self) -> dict[str, str]:
        """Programs may leave out the Origin, as long as they bring the page's token."""
        return {"Cookie": self.cookie} if self.cookie else {}

    def _exchange(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        """One request. On a kept connection that the server has closed meanwhile browsers ask again: so do we."""
        if not self.is_up:
            raise UnansweredError("offline")
        if self._idle:
            try:
                return self._request(self._idle.pop(), method, path, body, headers)
            except (http.client.RemoteDisconnected, ConnectionError):
                self.answers["stale"] += 1
        where = urlsplit(self.router.url)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=_PATIENCE)
        try:
            return self._request(connection, method, path, body, headers)
        except ConnectionRefusedError as error:
            raise self._unanswered("refused") from error
        except TimeoutError as error:
            raise self._unanswered("timeout") from error
        except (OSError, http.client.HTTPException) as error:
            raise self._unanswered("reset") from error

    def _request(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> Answer:
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read().decode())
        except BaseException:
            connection.close()
            raise
        if not self.is_up:
            connection.close()
            raise UnansweredError("offline")
        if not response.will_close:
            self._idle.append(connection)
        return answer

    def _unanswered(self, why: str) -> UnansweredError:
        self.answers[why] += 1
        return UnansweredError(why)
