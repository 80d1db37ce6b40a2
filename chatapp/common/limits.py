"""Rate limits: counted in Redis, and in this process while Redis is away. One bucket for HTTP and for socket frames."""

from __future__ import annotations

import math
import time

import structlog
from flask import Flask, current_app, request
from flask_babel import gettext as _
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from chatapp.common.errors import AppError

log = structlog.get_logger()

LOG_IN = parse("5 per minute")
REGISTER = parse("20 per hour")
VISITOR_MESSAGES = parse("20 per minute")
VISITOR_SIGNALS = parse("120 per minute")
WIDGET_INIT = parse("30 per minute")
SOCKETS = parse("20 per minute")
API = parse("300 per minute")

_EXTENSION = "chatapp.limiter"
_RETRY_REDIS_AFTER = 2.0


def init_app(app: Flask, *, redis_url: str, prefix: str, enabled: bool) -> None:
    app.extensions[_EXTENSION] = _Limiter(redis_url, prefix) if enabled else None


def hit(limit: RateLimitItem, name: str, *keys: str) -> None:
    """Count one use. Raises `AppError` 429, with the seconds to wait, when the limit is used up."""
    limiter: _Limiter | None = current_app.extensions[_EXTENSION]
    wait = limiter.seconds_to_wait(limit, name, *keys) if limiter else 0
    if wait:
        raise AppError(429, _("Too many requests. Wait a moment and try again."), retry_after=wait)


def caller() -> str:
    """The address that the request came from, as the proxies that we trust tell it."""
    return request.remote_addr or "unknown"


class _Limiter:
    def __init__(self, redis_url: str, prefix: str) -> None:
        url = f"redis+{redis_url}" if redis_url.startswith("unix") else redis_url
        shared = RedisStorage(url, key_prefix=f"{prefix}:limits", socket_connect_timeout=1, socket_timeout=1)
        self._shared = _strategy(shared)
        self._local = _strategy(MemoryStorage())
        self._local_until = 0.0

    def seconds_to_wait(self, limit: RateLimitItem, *keys: str) -> int:
        """0 when the use was counted and is allowed."""
        if time.monotonic() >= self._local_until:
            try:
                return _count(self._shared, limit, *keys)
            except RedisError as error:
                self._local_until = time.monotonic() + _RETRY_REDIS_AFTER
                log.warning("limits.local", error=str(error))
        return _count(self._local, limit, *keys)


def _strategy(storage: Storage) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage)


def _count(strategy: MovingWindowRateLimiter, limit: RateLimitItem, *keys: str) -> int:
    if strategy.hit(limit, *keys):
        return 0
    return max(1, math.ceil(strategy.get_window_stats(limit, *keys).reset_time - time.time()))
