"""What signing in with another account is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom a provider vouches for. `email` is empty unless the provider has seen that the mailbox is theirs."""

    issuer: str
    subject: str
    email: str
    name: str
    locale: str
