"""What a page knows of one conversation: a push is a hint, applied when it is the next change, else all is fetched."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import gevent

from tests.support.history import Screen
from tests.support.load.network import RefusedError, UnansweredError

_GAP_SECONDS = 0.25  # how long a gap may close by itself: two processes may push out of order


@dataclass(frozen=True)
class Line:
    """A message as a page has it."""

    id: str
    client_id: str
    place: int
    revision: int


class Page:
    """Lines by id, as the document has them by element id, and the number up to which nothing is missing."""

    def __init__(self, screen: Screen, fetch: Callable[[int], None]) -> None:
        self.screen = screen
        self.last = 0
        self._fetch = fetch
        self._lines: dict[str, Line] = {}
        self._is_fetching = False
        self._again = False

    def put(self, line: Line) -> None:
        """Show a line; one that is there gives way to a newer revision only."""
        known = self._lines.get(line.id)
        if known is None:
            self.screen.first_seen.setdefault(line.client_id, time.monotonic())
        if known is None or line.revision > known.revision:
            self._lines[line.id] = line

    def reach(self, seq: int) -> None:
        """Everything up to here is known."""
        self.last = max(self.last, seq)

    def draw(self) -> None:
        """Write down what stands on the screen, from top to bottom."""
        self.screen.lines = [line.client_id for line in sorted(self._lines.values(), key=lambda line: line.place)]

    def sync(self) -> None:
        """Fetch everything since the last known change, in the background; calls meanwhile share one more fetch."""
        self._again = self._is_fetching
        if not self._is_fetching:
            self._is_fetching = True
            gevent.spawn(self._sync)

    def _sync(self) -> None:
        try:
            while True:
                self._again = False
                self._fetch(self.last)
                if not self._again:
                    return
        except (UnansweredError, RefusedError):
            pass  # made good by the next heartbeat or return
        finally:
            self._is_fetching = False


class VisitorPage(Page):
    """chatapp/static/widget/conversation.js"""

    def receive(self, line: Line) -> None:
        if line.revision > self.last + 1:
            self.sync()
        else:
            self.put(line)
            self.reach(line.revision)

    def notice(self, seq: int | None) -> None:
        if seq and seq > self.last:
            self.sync()


class AgentPage(Page):
    """chatapp/static/js/elements/inbox-live.js: shows what comes, and counts how far the numbers have no hole."""

    def __init__(self, screen: Screen, fetch: Callable[[int], None]) -> None:
        super().__init__(screen, fetch)
        self._revisions: set[int] = set()
        self._is_waiting = False

    def receive(self, lines: list[Line]) -> None:
        for line in lines:
            self.put(line)
            self._revisions.add(line.revision)
        while self.last + 1 in self._revisions:
            self.last += 1
        if self._revisions and max(self._revisions) > self.last and not self._is_waiting:
            self._is_waiting = True
            gevent.spawn_later(_GAP_SECONDS, self._close_gap)

    def notice(self, seq: int | None) -> None:
        if seq and seq > self.last:
            self.sync()

    def _close_gap(self) -> None:
        self._is_waiting = False
        if max(self._revisions) > self.last:
            self.sync()
