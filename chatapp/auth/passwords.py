"""Argon2id, aside: a hash takes 20 ms of a core, and sockets must not wait for it."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from chatapp.common.aside import aside

MIN_LENGTH = 12
MAX_LENGTH = 200

NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$9PlflDq2vrdPz4TPoClu+Q$cDkMv2egqVZi59yI1p5qfZ77YUCRWx6EWGvbfDrL6/8"
"""A hash with the parameters of all others, of random bytes: what an unknown account is compared with, from the first
time on at the same price."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    return aside(lambda: _hasher.hash(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. An unknown account costs the same time as a known one."""
    return aside(lambda: _verify(password_hash or NOBODYS, password)) and password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
