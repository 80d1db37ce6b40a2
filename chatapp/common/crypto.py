"""Secrets at rest: encrypted with the newest of ENCRYPTION_KEYS, readable with any of them."""

from __future__ import annotations

from cryptography.fernet import Fernet, MultiFernet
from flask import current_app


def seal(text: str) -> str:
    """The text as the database keeps it."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What `seal` was given. Raises `cryptography.fernet.InvalidToken` when no key of ours made it."""
    return _keys().decrypt(sealed.encode()).decode()


def _keys() -> MultiFernet:
    config = current_app.extensions["chatapp.config"]
    return MultiFernet([Fernet(key) for key in config.encryption_keys])
