"""Secrets at rest: encrypted with the newest of ENCRYPTION_KEYS, readable with any of them."""

from __future__ import annotations

import hmac

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


def fingerprints(text: str) -> list[str]:
    """What tells whether two texts are the same without telling what they are: one for each key, the newest first.

    Keep the first; look for all of them, for it may have been made before the keys were rotated.
    """
    keys = current_app.extensions["chatapp.config"].encryption_keys
    return [hmac.new(f"fingerprint:{key}".encode(), text.encode(), "sha256").hexdigest() for key in keys]
