"""What a personal token may do at most; its person's role decides about the rest. A new scope is a line here."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

READ, WRITE = "read", "write"

SCOPES = {
    READ: _l("Read everything that you can read"),
    WRITE: _l("Write, change and close as you can"),
}
"""Every scope, in the words that people choose by."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def scope_of(method: str) -> str:
    """The scope that a request with this method needs."""
    return READ if method in _SAFE_METHODS else WRITE
