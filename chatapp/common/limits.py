"""Rate limits: counted in Redis, and in this process while Redis is away. One bucket for HTTP and for socket frames."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from flask import Flask, current_app, request
from flask_babel import gettext as _
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from chatapp.common.errors import AppError

log = structlog.get_logger()

Answer = TypeVar("Answer")

LOG_IN = parse("5 per minute")
REGISTER = parse("20 per hour")
LETTERS = parse("3 per hour")
PUSHES = parse("20 per hour")
LINKS = parse("30 per minute")
ADDRESSES = parse("10 per day")
PICTURES = parse("20 per hour")
INVITATIONS = parse("100 per hour")
TRANSCRIPTS = parse("30 per hour")
VISITOR_MESSAGES = parse("20 per minute")
VISITORS_FILES = parse("20 per minute")
VISITORS_LETTERS = parse("5 per hour")
AGENTS_FILES = parse("60 per minute")
VISITOR_SIGNALS = parse("120 per minute")
WIDGET_INIT = parse("30 per minute")
SOCKETS = parse("20 per minute")
ASIDE_SOCKETS = parse("60 per minute")
OFFICE_SOCKETS = parse("600 per minute")
API = parse("300 per minute")

_EXTENSION = "chatapp.limiter"
_RETRY_REDIS_AFTER = 2.0
_ANSWER_SECONDS = 0.5


def init_app(app: Flask, *, redis_url: str, prefix: str, enabled: bool) -> None:
    app.extensions[_EXTENSION] = _Limiter(redis_url, prefix) if enabled else None


@dataclass(frozen=True)
class Use:
    """One counted use: whether it is allowed, how many are left, and in how many seconds a place becomes free."""

    is_allowed: bool
    remaining: int
    reset: int


def hit(limit: RateLimitItem, name: str, *keys: str) -> None:
    """Count one use. Raises `AppError` 429, with the seconds to wait, when the limit is used up."""
    limiter: _Limiter | None = current_app.extensions[_EXTENSION]
    refused = limiter.refusal(limit, name, *keys) if limiter else None
    if refused:
        raise too_many(refused)


def use(limit: RateLimitItem, name: str, *keys: str) -> Use:
    """Count one use and tell how the limit stands."""
    limiter: _Limiter | None = current_app.extensions[_EXTENSION]
    return limiter.use(limit, name, *keys) if limiter else Use(True, limit.amount, 0)


def too_many(counted: Use) -> AppError:
    """The refusal of a use that was not allowed."""
    return AppError(429, _("Too many requests. Wait a moment and try again."), retry_after=counted.reset)


def hit_log_in(email: str) -> None:
    """Count one attempt to log in, by whichever door. Raises `AppError` 429."""
    hit(LOG_IN, "log-in", email.strip().lower(), caller())


def caller() -> str:
    """The address that the request came from, as the proxies that we trust tell it."""
    return request.remote_addr or "unknown"


class _Limiter:
    def __init__(self, redis_url: str, prefix: str) -> None:
        url = f"redis+{redis_url}" if redis_url.startswith("unix") else redis_url
        shared = RedisStorage(
            url,
            key_prefix=f"{prefix}:limits",
            socket_connect_timeout=_ANSWER_SECONDS,
            socket_timeout=_ANSWER_SECONDS,
        )
        self._shared = _strategy(shared)
        self._local = _strategy(MemoryStorage())
        self._local_until = 0.0

    def use(self, limit: RateLimitItem, *keys: str) -> Use:
        return self._ask(lambda strategy: _count(strategy, limit, *keys))

    def refusal(self, limit: RateLimitItem, *keys: str) -> Use | None:
        """Count one use; how the limit stands is only asked when it is used up, which saves a round trip."""
        return self._ask(
            lambda strategy: None if strategy.hit(limit, *keys) else _standing(strategy, limit, *keys, is_allowed=False)
        )

    def _ask(self, count: Callable[[MovingWindowRateLimiter], Answer]) -> Answer:
        if time.monotonic() >= self._local_until:
            try:
                return count(self._shared)
            except RedisError as error:
                self._local_until = time.monotonic() + _RETRY_REDIS_AFTER
                log.warning("limits.local", error=str(error))
        return count(self._local)


def _strategy(storage: Storage) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage)


def _count(strategy: MovingWindowRateLimiter, limit: RateLimitItem, *keys: str) -> Use:
    return _standing(strategy, limit, *keys, is_allowed=strategy.hit(limit, *keys))


def _standing(strategy: MovingWindowRateLimiter, limit: RateLimitItem, *keys: str, is_allowed: bool) -> Use:
    window = strategy.get_window_stats(limit, *keys)
    return Use(is_allowed, window.remaining, max(1, math.ceil(window.reset_time - time.time())))
