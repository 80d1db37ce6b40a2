"""Simulated visitors: each has a token and one conversation, writes a few messages at a human pace and then leaves."""

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from chatapp.development.flood import texts

SECONDS_BETWEEN_MESSAGES = 4.0  # fifteen a minute: below the twenty that a visitor may write


@dataclass
class Visitor:
    token: str
    locale: str = field(default_factory=lambda: random.choice(texts.LOCALES))
    messages_left: int = field(default_factory=lambda: random.randint(2, 12))
    conversation_id: str | None = None
    may_write_at: float = 0.0

    def next_text(self) -> str:
        return texts.following(self.locale) if self.conversation_id else texts.opening(self.locale)


class Crowd:
    """Hands out visitors who may write now, for one message at a time. A new one comes when all others are waiting."""

    def __init__(self, issue_token: Callable[[], str]) -> None:
        self._issue_token = issue_token
        self._waiting: deque[Visitor] = deque()
        self._lock = threading.Lock()

    def take(self) -> Visitor:
        with self._lock:
            if self._waiting and self._waiting[0].may_write_at <= time.monotonic():
                return self._waiting.popleft()
            return Visitor(self._issue_token())

    def give_back(self, visitor: Visitor) -> None:
        visitor.messages_left -= 1
        visitor.may_write_at = time.monotonic() + SECONDS_BETWEEN_MESSAGES
        with self._lock:
            if visitor.messages_left > 0:
                self._waiting.append(visitor)
