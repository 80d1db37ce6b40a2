"""Argon2id, in the hub's thread pool: a hash takes 20 ms of a core, and sockets must not wait for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

import gevent
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from gevent import monkey
from gevent.lock import BoundedSemaphore

MIN_LENGTH = 12
MAX_LENGTH = 200

Result = TypeVar("Result")

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_at_once = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    return _aside(lambda: _hasher.hash(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. An unknown account costs the same time as a known one."""
    return _aside(lambda: _verify(password_hash or _nobody(), password)) and password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("a password that nobody has")


def _aside(work: Callable[[], Result]) -> Result:
    if not monkey.is_module_patched("threading"):
        return work()
    with _at_once:
        result: Result = gevent.get_hub().threadpool.apply(work)
    return result
