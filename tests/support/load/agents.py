"""Agents: a tab of the inbox with one conversation open, in which they answer and leave notes."""

import re
import time
from collections.abc import Iterator

from tests.support.history import History, Screen, Sent
from tests.support.load.network import Network, UnansweredError
from tests.support.load.outbox import Outbox
from tests.support.load.pages import AgentPage, Line
from tests.support.load.visitors import NOTE_MARK
from tests.support.load.wire import Wire

_MESSAGE = re.compile(r'<\w+\s[^>]*\bid="message-(?P<id>[0-9a-f-]{36})"[^>]*>')
_ATTRIBUTE = re.compile(r'\bdata-(?P<name>[a-z-]+)="(?P<value>[^"]*)"')
_THROUGH = re.compile(r'hx-swap="[^"]*\bthrough:(\d+)')
_FORM_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_PAGE_TOKEN = re.compile(r'name="csrf-token"[^>]*content="([^"]+)"')


class Agent:
    """A tab. `root` is the workspace's path."""

    def __init__(self, name: str, network: Network, history: History, *, root: str) -> None:
        self.name = name
        self.network = network
        self.history = history
        self.root = root
        self.outbox = Outbox(network, history, self._deliver)
        self.page: AgentPage | None = None
        self._token = ""

    def log_in(self, email: str, password: str) -> None:
        """By the form. Raises `UnansweredError`."""
        page = self.network.ask("GET", "/login")
        self.network.cookie = _cookie(page.headers.get_all("Set-Cookie") or [])
        form = {"csrf_token": _first(_FORM_TOKEN, page.text), "email": email, "password": password}
        answer = self.network.ask("POST", "/login", form=form)
        self.network.cookie = _cookie(answer.headers.get_all("Set-Cookie") or []) or self.network.cookie
        self._token = _first(_PAGE_TOKEN, self.network.ask("GET", f"{self.root}/inbox").text)

    def share(self, colleague: "Agent") -> None:
        """Be another tab of a colleague who has logged in."""
        self.network.cookie, self._token = colleague.network.cookie, colleague._token

    def watch(self, conversation: str) -> None:
        """Open a conversation, for good."""
        screen = Screen(self.name, "agent", conversation)
        self.history.screens.append(screen)
        page = self.page = AgentPage(screen, self._fetch)
        Wire(
            self.network,
            self.history,
            path=lambda: f"{self.root}/socket?conversation={conversation}&since={page.last}",
            greeting=lambda: None,
            hear=self._hear,
            returned=self.refresh,
        ).start()

    def write(self, kind: str = "reply") -> None:
        if self.page is not None:
            self.outbox.add("agent", kind)

    def refresh(self) -> None:
        if self.page is not None:
            self.page.sync()

    def _deliver(self, sent: Sent) -> None:
        assert self.page is not None
        mark = f" {NOTE_MARK}" if sent.kind == "note" else ""
        form = {"client_id": sent.client_id, "text": f"Message {sent.client_id}{mark}"}
        if sent.kind == "note":
            form["private"] = "y"
        answer = self.network.ask(
            "POST", self._messages, form=form, **{"X-CSRFToken": self._token, "HX-Request": "true"}
        )
        lines = list(_lines(answer.text))
        mine = next((line for line in lines if line.client_id == sent.client_id), None)
        if mine is None:
            raise UnansweredError("an answer without the message")
        sent.acked, sent.conversation, sent.seq = time.monotonic(), self.page.screen.conversation, mine.place
        self.page.receive(lines)

    @property
    def _messages(self) -> str:
        assert self.page is not None
        return f"{self.root}/conversations/{self.page.screen.conversation}/messages"

    def _fetch(self, since: int) -> None:
        answer = self.network.ask("GET", f"{self._messages}?since={since}", **{"HX-Request": "true"})
        self._take(answer.text)

    def _hear(self, text: str) -> None:
        assert self.page is not None
        if text.startswith("{"):
            self._hear_hint(text)
        elif self.page.screen.conversation in text:
            self._take(text)

    def _hear_hint(self, text: str) -> None:
        assert self.page is not None
        if '"resync"' in text:
            self.page.sync()
        elif found := re.search(r'"seq":\s*(\d+)', text):
            self.page.notice(int(found[1]))

    def _take(self, html: str) -> None:
        assert self.page is not None
        if through := _THROUGH.search(html):
            self.page.reach(int(through[1]))
        self.page.receive(list(_lines(html)))


def _lines(html: str) -> Iterator[Line]:
    for tag in _MESSAGE.finditer(html):
        found = {match["name"]: match["value"] for match in _ATTRIBUTE.finditer(tag[0])}
        place = int(found.get("place") or found["seq"])
        yield Line(tag["id"], found["client-id"], place, int(found["revision"]))


def _cookie(headers: list[str]) -> str:
    return "; ".join(header.partition(";")[0] for header in headers)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if found is None:
        raise UnansweredError(f"a page without {pattern.pattern}")
    return found[1]
